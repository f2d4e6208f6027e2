import { expressions } from '@undertone/wire';
import { css, html } from 'lit';
import { messages } from '../language/locale.ts';
import { markStyles, voiceMark } from './expression-mark.ts';
import { LocalizedElement } from './localized-element.ts';

/** `<ut-legend>`: what the marks, strengths and patterns of the lanes mean. */
export class TimelineLegend extends LocalizedElement {
  static override styles = [
    markStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--ut-space-2) var(--ut-space-4);
        padding: var(--ut-space-3) 0;
        border-top: 1px solid var(--ut-rule);
        color: var(--ut-ink-soft);
        font-size: var(--ut-text-xs);
        --mark-size: 1.125rem;
      }
      .item {
        display: inline-flex;
        align-items: center;
        gap: 0.4em;
        white-space: nowrap;
      }
      .sample {
        width: 1.5rem;
        height: 1rem;
        stroke: var(--ut-ink-faint);
        stroke-width: 1.5;
        fill: none;
      }
      .sample.fill {
        fill: var(--ut-ink-soft);
        stroke: none;
      }
    `,
  ];

  override render() {
    const { expressions: words, legend } = messages();
    return html`
      ${expressions.map((expression) => {
        const word = words[expression];
        const mark = voiceMark({ glyph: expression, expression, word, confidence: 1, tentative: false });
        return html`<span class="item">${mark}${word}</span>`;
      })}
      <span class="item">
        <svg class="sample fill" viewBox="0 0 24 16" aria-hidden="true">
          <rect width="8" height="16" opacity="0.35" />
          <rect x="8" width="8" height="16" opacity="0.65" />
          <rect x="16" width="8" height="16" />
        </svg>
        ${legend.strength}
      </span>
      <span class="item">
        <svg class="sample" viewBox="0 0 24 16" aria-hidden="true">
          <path stroke-dasharray="2 4" stroke-width="2" d="M1 8H24" />
        </svg>
        ${legend.silence}
      </span>
      <span class="item">
        <svg class="sample" viewBox="0 0 24 16" aria-hidden="true">
          <path d="M0 16L16 0M7 16L23 0M-7 16L9 0M14 16L30 0" />
        </svg>
        ${legend.concealed}
      </span>
      <span class="item">
        <svg class="sample fill" viewBox="0 0 24 16" aria-hidden="true"><rect width="24" height="16" opacity="0.3" /></svg>
        ${legend.warmingUp}
      </span>
      <span class="item">
        <svg class="sample fill" viewBox="0 0 24 16" aria-hidden="true">
          <path d="M0 1H24V7H0zM0 9H24V15H0z" />
        </svg>
        ${legend.talkOver}
      </span>
      <span class="item">
        <svg class="sample" viewBox="0 0 24 16" aria-hidden="true"><path d="M1 2V14M23 2V14M1 8H23" /></svg>
        ${legend.longSilence}
      </span>
      <span class="item">
        <svg class="sample fill" viewBox="0 0 24 16" aria-hidden="true">
          <rect width="24" height="16" opacity="0.2" />
          <rect y="7" width="24" height="1.5" />
        </svg>
        ${legend.usualBand}
      </span>
      <span class="item">
        <svg class="sample fill" viewBox="0 0 24 16" aria-hidden="true"><path d="M0 4h2v3h20V4h2v8h-2v-3H2v3H0z" /></svg>
        ${legend.evidence}
      </span>
    `;
  }
}
customElements.define('ut-legend', TimelineLegend);
