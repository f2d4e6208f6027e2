import { css, html, nothing } from 'lit';
import { messages } from '../language/locale.ts';
import { onPaletteChange } from '../timeline/palette.ts';
import { controlStyles } from './control-styles.ts';
import { LocalizedElement } from './localized-element.ts';
import type { SettingsDialog } from './settings-dialog.ts';
import './settings-dialog.ts';
import { currentTheme, switchTheme } from './theme.ts';

/** How fresh the page is, in words that a supervisor understands. */
export type LinkState = 'connecting' | 'live' | 'analyzer-down' | 'reconnecting';

/** `<ut-top-bar>`: the name, what the page offers in its slot, the state of the connection, and how the page looks and speaks. */
export class TopBar extends LocalizedElement {
  static override properties = { link: {}, joinUrl: {} };
  declare link: LinkState;
  declare joinUrl: string | null;
  #forgetPalette = (): void => {};

  constructor() {
    super();
    this.link = 'connecting';
    this.joinUrl = null;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--ut-space-4);
        min-height: 3.25rem;
        padding: var(--ut-space-2) var(--ut-page-margin);
      }
      .brand {
        display: inline-flex;
        align-items: center;
        gap: var(--ut-space-2);
        border-radius: var(--ut-radius-sm);
        font-size: var(--ut-text-lg);
        font-weight: var(--ut-weight-bold);
        letter-spacing: -0.015em;
        text-decoration: none;
      }
      .brand svg {
        width: 1.5rem;
        height: 1.5rem;
        fill: none;
        stroke: currentColor;
        stroke-width: 2.6;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
      ::slotted(*) {
        min-width: 0;
      }
      ::slotted(ut-wall-filters) {
        flex: 1;
        justify-content: end;
      }
      @media (max-width: 68rem) {
        :host([wraps]) {
          flex-wrap: wrap;
        }
        ::slotted(ut-wall-filters) {
          order: 1;
          flex-basis: 100%;
          justify-content: start;
        }
      }
      .right {
        display: flex;
        align-items: center;
        gap: var(--ut-space-3);
        margin-inline-start: auto;
        font-size: var(--ut-text-sm);
        white-space: nowrap;
      }
      .link {
        display: inline-flex;
        align-items: center;
        gap: var(--ut-space-2);
        color: var(--ut-ink-soft);
      }
      ut-settings {
        display: contents;
      }
      .dot {
        width: 0.5rem;
        height: 0.5rem;
        border: 2px solid currentColor;
        border-radius: 50%;
      }
      .link[data-state="live"] .dot {
        background: currentColor;
      }
      .link[data-state="reconnecting"],
      .link[data-state="analyzer-down"] {
        color: var(--ut-ink);
        font-weight: var(--ut-weight-bold);
      }
      @media (max-width: 40rem) {
        .join,
        .brand span {
          display: none;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'banner');
    this.#forgetPalette = onPaletteChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forgetPalette();
  }

  override render() {
    const dark = currentTheme() === 'dark';
    const says = messages().topBar;
    return html`
      <a class="brand" href="/" aria-label=${says.home}>
        <svg viewBox="0 0 28 24" aria-hidden="true">
          <path d="M3 6H25" />
          <path d="M3 16c2.75 0 2.75 4 5.5 4s2.75-8 5.5-8 2.75 8 5.5 8 2.75-4 5.5-4" />
        </svg>
        <span>Undertone</span>
      </a>
      <slot></slot>
      <div class="right">
        ${this.joinUrl ? html`<a class="join" href=${this.joinUrl}>${says.joinCall}</a>` : nothing}
        <span class="link" data-state=${this.link} role="status">
          <span class="dot" aria-hidden="true"></span>${says.link[this.link]}
        </span>
        <button
          class="icon-button"
          title=${says.settings}
          aria-label=${says.settings}
          aria-haspopup="dialog"
          @click=${this.#openSettings}
        >
          ${globe}
        </button>
        <button
          class="icon-button"
          title=${dark ? says.lightTheme : says.darkTheme}
          aria-label=${dark ? says.switchToLight : says.switchToDark}
          @click=${switchTheme}
        >
          ${dark ? sun : moon}
        </button>
      </div>
      <ut-settings></ut-settings>
    `;
  }

  #openSettings(): void {
    this.renderRoot.querySelector<SettingsDialog>('ut-settings')?.open();
  }
}

const globe = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <circle cx="12" cy="12" r="9" />
  <path d="M3 12H21M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18" />
</svg>`;
const sun = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <circle cx="12" cy="12" r="4" />
  <path d="M12 3V5M12 19V21M3 12H5M19 12H21M5.6 5.6L7 7M17 17L18.4 18.4M18.4 5.6L17 7M7 17L5.6 18.4" />
</svg>`;
const moon = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path d="M19.5 14.5A8 8 0 0 1 9.5 4.5 8 8 0 1 0 19.5 14.5Z" />
</svg>`;

customElements.define('ut-top-bar', TopBar);
