import { css, html, LitElement } from 'lit';

/** `<ut-notice>`: what is wrong with what you see, and what happens about it. Announced to screen readers. */
export class NoticeBanner extends LitElement {
  static override properties = { heading: {} };
  declare heading: string;

  static override styles = css`
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 0 var(--ut-space-3);
      margin: 0 var(--ut-page-margin) var(--ut-space-3);
      padding: var(--ut-space-2) var(--ut-space-4);
      border-radius: var(--ut-radius);
      background: var(--ut-inverse);
      color: var(--ut-on-inverse);
      font-size: var(--ut-text-sm);
    }
    strong {
      font-weight: var(--ut-weight-bold);
    }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'status');
  }

  override render() {
    return html`<strong>${this.heading}</strong><span><slot></slot></span>`;
  }
}
customElements.define('ut-notice', NoticeBanner);
