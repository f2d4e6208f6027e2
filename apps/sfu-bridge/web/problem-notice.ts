import { css, html, LitElement, nothing } from 'lit';
import { controlStyles } from './control-styles.ts';
import type { Problem } from './problem.ts';

/** A problem in one sentence, and what to do; announced by screen readers as it appears. */
class ProblemNotice extends LitElement {
  static override properties = { problem: { attribute: false } };
  declare problem: Problem | null;

  constructor() {
    super();
    this.problem = null;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: contents;
      }
      .notice {
        display: grid;
        gap: var(--ut-space-1);
        padding: var(--ut-space-3) var(--ut-space-4);
        border-left: 4px solid var(--ut-ink);
        border-radius: var(--ut-radius-sm);
        background: var(--ut-surface-sunken);
        font-size: var(--ut-text-sm);
      }
      strong {
        font-size: var(--ut-text-md);
        font-weight: var(--ut-weight-bold);
      }
    `,
  ];

  override render() {
    if (this.problem === null) return html`<div role="alert" hidden></div>`;
    const { code, sentence, advice } = this.problem;
    return html`<div role="alert" class="notice" data-problem=${code}>
      <strong>${sentence}</strong>${advice === '' ? nothing : html`<span>${advice}</span>`}
    </div>`;
  }
}

customElements.define('ut-problem-notice', ProblemNotice);
