import { connectTimeline, LiveClock } from '@undertone/overlay';
import { css, html, LitElement } from 'lit';
import { AlertFeed } from '../data/alert-feed.ts';
import { everything } from '../data/wall-filter.ts';
import { readLocale } from '../language/locale.ts';
import './call-page.ts';
import './theme.ts';
import './wall-page.ts';

const callPath = /^\/calls\/([A-Za-z0-9_.-]{1,64})$/;

/** `<ut-app>`: which page is shown, and what all of them share. */
export class AppRoot extends LitElement {
  static override properties = {
    path: { state: true },
    joinUrl: { state: true },
  };
  declare path: string;
  declare joinUrl: string | null;

  readonly #socket = connectTimeline();
  readonly #alerts = new AlertFeed(this.#socket);
  readonly #clock = new LiveClock();
  readonly #filter = everything();
  /** The call that was looked at last, so that the wall can put the focus back. */
  #lastCallId: string | null = null;

  static override styles = css`
    :host {
      display: block;
      --ut-page-margin: clamp(0.75rem, 1.6vw, 1.5rem);
    }
  `;

  constructor() {
    super();
    readLocale();
    this.path = location.pathname;
    this.joinUrl = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('popstate', this.#navigated);
    this.addEventListener('click', this.#followLink);
    this.addEventListener('ut-leave', () => this.#go('/'));
    this.#alerts.open();
    this.#readSettings();
  }

  override render() {
    const callId = callPath.exec(this.path)?.[1];
    if (callId !== undefined) {
      this.#lastCallId = callId;
      return html`<ut-call .socket=${this.#socket} .callId=${callId} .alerts=${this.#alerts}></ut-call>`;
    }
    return html`<ut-wall
      .socket=${this.#socket}
      .clock=${this.#clock}
      .filter=${this.#filter}
      .alerts=${this.#alerts}
      .joinUrl=${this.joinUrl}
      .focusCallId=${this.#lastCallId}
    ></ut-wall>`;
  }

  async #readSettings(): Promise<void> {
    try {
      const response = await fetch('/api/settings');
      if (!response.ok) return;
      this.joinUrl = ((await response.json()) as { joinUrl: string }).joinUrl;
    } catch {
      // The socket shows that the dashboard is away; without settings only the link to the join page is missing.
    }
  }

  #navigated = (): void => {
    this.path = location.pathname;
  };

  #go(path: string): void {
    history.pushState(null, '', path);
    this.path = path;
    scrollTo(0, 0);
  }

  /** Links within the page don't load it again. */
  #followLink = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement);
    if (!link || link.origin !== location.origin) return;
    if (link.pathname !== '/' && !callPath.test(link.pathname)) return;
    event.preventDefault();
    this.#go(link.pathname);
  };
}
customElements.define('ut-app', AppRoot);
