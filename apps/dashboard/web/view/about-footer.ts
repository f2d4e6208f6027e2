import { css, html } from 'lit';
import { messages } from '../language/locale.ts';
import { controlStyles } from './control-styles.ts';
import { dialogStyles } from './dialog-styles.ts';
import { LocalizedElement } from './localized-element.ts';

/** `<ut-about>`: one honest line at the foot of every page, and more behind it. */
export class AboutFooter extends LocalizedElement {
  static override styles = [
    controlStyles,
    dialogStyles,
    css`
      :host {
        display: block;
        padding: var(--ut-space-4) var(--ut-page-margin) var(--ut-space-5);
        color: var(--ut-ink-soft);
        font-size: var(--ut-text-xs);
      }
      .more {
        min-height: 0;
        padding: 0;
        border: 0;
        background: none;
        color: inherit;
        font-size: inherit;
        font-weight: inherit;
        text-decoration: underline;
        text-decoration-color: var(--ut-ink-faint);
        text-underline-offset: 0.2em;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'contentinfo');
  }

  override render() {
    const says = messages().about;
    return html`
      <span>
        ${says.line}
        <button class="more" aria-haspopup="dialog" @click=${this.#open}>${says.more}</button>
        · <a href="/model-card">${says.modelCard}</a>
      </span>
      <dialog aria-labelledby="about-heading" @click=${this.#closeOnBackdrop}>
        <h2 id="about-heading">${says.heading}</h2>
        ${says.paragraphs.map((each) => html`<p>${each}</p>`)}
        <p><a href="/model-card">${says.modelCardLong}</a></p>
        <form method="dialog"><button autofocus>${says.close}</button></form>
      </dialog>
    `;
  }

  #open(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  #closeOnBackdrop(event: MouseEvent): void {
    if (event.target === event.currentTarget) (event.currentTarget as HTMLDialogElement).close();
  }
}
customElements.define('ut-about', AboutFooter);
