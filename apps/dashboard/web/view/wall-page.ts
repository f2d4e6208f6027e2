import type { LiveClock, TimelineSocket } from '@undertone/overlay';
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AlertFeed } from '../data/alert-feed.ts';
import { WallFeed } from '../data/wall-feed.ts';
import { everything, hidesCalls, type WallFilter } from '../data/wall-filter.ts';
import { type RankedCall, WallOrder } from '../data/wall-order.ts';
import { clockTime } from '../language/formats.ts';
import { messages } from '../language/locale.ts';
import './about-footer.ts';
import type { CallCard } from './call-card.ts';
import './call-card.ts';
import { cardTowards } from './card-keys.ts';
import { FrameRequest } from './frame-request.ts';
import { LocalizedElement } from './localized-element.ts';
import './notice-banner.ts';
import './overview-strip.ts';
import type { LinkState } from './top-bar.ts';
import './top-bar.ts';
import { emptyWall } from './wall-empty.ts';
import type { WallFilters } from './wall-filters.ts';
import './wall-filters.ts';
import { densityOf, wallPageStyles } from './wall-page-styles.ts';

/** A pointer that rests on the wall this long holds its order no more: somebody went away. */
const pointerHoldMs = 15_000;

/** `<ut-wall>`: every live call at a glance, those first that are worth a listen. */
export class WallPage extends LocalizedElement {
  static override properties = {
    socket: { attribute: false },
    clock: { attribute: false },
    filter: { attribute: false },
    alerts: { attribute: false },
    joinUrl: {},
    /** Call whose card gets the focus when it appears: the one that was just looked at. */
    focusCallId: {},
  };
  declare socket: TimelineSocket;
  declare clock: LiveClock;
  declare filter: WallFilter;
  declare alerts: AlertFeed;
  declare joinUrl: string | null;
  declare focusCallId: string | null;

  readonly #order = new WallOrder();
  #feed: WallFeed | null = null;
  #forgetAlerts = (): void => {};
  #staleSinceMs: number | null = null;
  #ticker: ReturnType<typeof setInterval> | undefined;
  /** When the pointer last moved over the cards; −∞ when it is elsewhere. */
  #pointerMs = Number.NEGATIVE_INFINITY;
  #keyboardInside = false;
  /** The card at which Tab stops. */
  #tabStopId: string | null = null;
  readonly #frame = new FrameRequest(() => this.requestUpdate());

  static override styles = wallPageStyles;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tabStopId = this.focusCallId;
    this.#feed = new WallFeed({
      socket: this.socket,
      clock: this.clock,
      onChange: () => this.#frame.request(),
    });
    this.#feed.open();
    this.#forgetAlerts = this.alerts.onChange(() => this.#frame.request());
    this.#ticker = setInterval(() => this.#frame.request(), 1_000);
    document.addEventListener('keydown', this.#search);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticker);
    this.#frame.cancel();
    this.#feed?.close();
    this.#forgetAlerts();
    document.removeEventListener('keydown', this.#search);
  }

  get #link(): LinkState {
    const feed = this.#feed!;
    if (feed.state === 'loading') return 'connecting';
    if (feed.state === 'reconnecting') return 'reconnecting';
    return feed.analyzerConnected === false ? 'analyzer-down' : 'live';
  }

  override render() {
    document.title = `${messages().wall.title} · Undertone`;
    const { calls } = this.#feed!;
    const link = this.#link;
    const stale = link !== 'live' && calls.length > 0;
    if (!stale) this.#staleSinceMs = null;
    else this.#staleSinceMs ??= this.clock.now();
    const nowMs = this.#staleSinceMs ?? Math.floor(this.clock.now() / 1_000) * 1_000;
    return html`
      <ut-top-bar wraps .link=${link} .joinUrl=${calls.length > 0 ? this.joinUrl : null}>
        ${
          calls.length > 0
            ? html`<ut-wall-filters .filter=${this.filter} @ut-filter=${() => this.#frame.request()}></ut-wall-filters>`
            : nothing
        }
      </ut-top-bar>
      ${stale ? this.#notice(link) : nothing}
      <main>${calls.length > 0 ? this.#calls(nowMs, stale) : emptyWall(link, this.joinUrl)}</main>
      <ut-about></ut-about>
    `;
  }

  override updated(): void {
    if (this.focusCallId === null) return;
    const card = this.#cards.find(({ call }) => call.id === this.focusCallId);
    if (!card) return;
    this.focusCallId = null;
    card.updateComplete.then(() => card.focus());
  }

  get #cards(): CallCard[] {
    return [...this.renderRoot.querySelectorAll<CallCard>('ut-call-card')];
  }

  #calls(nowMs: number, stale: boolean) {
    const says = messages().wall;
    const { calls } = this.#feed!;
    const held = this.#keyboardInside || performance.now() - this.#pointerMs < pointerHoldMs;
    const open = this.alerts.openByCall(nowMs);
    const { urgent, others, outdated } = this.#order.arrange(calls, open, this.filter, nowMs, held);
    const shown = [...urgent, ...others];
    if (!shown.some(({ call }) => call.id === this.#tabStopId)) this.#tabStopId = shown[0]?.call.id ?? null;
    const group = (name: string, heading: string, part: RankedCall[]) =>
      part.length === 0
        ? nothing
        : html`<section class="group" data-group=${name} aria-labelledby=${name}>
            <h2 id=${name} class=${urgent.length === 0 ? 'aloud' : ''}>
              ${heading} <span class="count numbers">${part.length}</span>
            </h2>
            ${this.#list(name, part, nowMs, stale)}
          </section>`;
    return html`
      <h1 class="aloud">${says.heading}</h1>
      <p class="aloud" id="keys">${says.keys}</p>
      <ut-overview .shown=${shown} .total=${calls.length} .nowMs=${nowMs} ?stale=${stale}></ut-overview>
      <div
        data-density=${densityOf(shown.length)}
        @keydown=${this.#moveFocus}
        @pointermove=${this.#pointerMoved}
        @pointerleave=${this.#pointerLeft}
        @focusin=${this.#focusCame}
        @focusout=${this.#focusWent}
      >
        ${group('urgent', says.urgentGroup, urgent)}
        ${group('others', urgent.length > 0 ? says.otherGroup : says.heading, others)}
      </div>
      <div class="held" role="status" ?hidden=${!outdated}>${outdated ? says.held : ''}</div>
      ${shown.length === 0 ? this.#noMatch() : nothing}
    `;
  }

  #list(name: string, part: RankedCall[], nowMs: number, stale: boolean) {
    return html`<div class="cards" role="list" aria-labelledby=${name} aria-describedby="keys">
      ${repeat(
        part,
        ({ call }) => call.id,
        ({ call, voices, urgency, alerts }) => html`<ut-call-card
          call-id=${call.id}
          .call=${call}
          .voices=${voices}
          .urgency=${urgency}
          .alerts=${alerts}
          .revision=${call.revision}
          .nowMs=${nowMs}
          .tabStop=${call.id === this.#tabStopId}
          ?stale=${stale}
        ></ut-call-card>`,
      )}
    </div>`;
  }

  #notice(link: LinkState) {
    const since = clockTime(this.#staleSinceMs!);
    const { wall, call } = messages();
    return link === 'analyzer-down'
      ? html`<ut-notice .heading=${wall.analyzerDown}>${wall.nothingSince(since)}</ut-notice>`
      : html`<ut-notice .heading=${call.connectionLost}>${wall.staleSince(since)}</ut-notice>`;
  }

  #noMatch() {
    const { noMatch, clearFilters } = messages().wall;
    return html`<div class="empty" role="status">
      <p>${noMatch}</p>
      ${hidesCalls(this.filter) ? html`<button @click=${this.#clearFilters}>${clearFilters}</button>` : nothing}
    </div>`;
  }

  #clearFilters(): void {
    Object.assign(this.filter, { ...everything(), order: this.filter.order });
    this.#filters?.requestUpdate();
    this.#filters?.focusSearch();
    this.#frame.request();
  }

  get #filters(): WallFilters | null {
    return this.renderRoot.querySelector<WallFilters>('ut-wall-filters');
  }

  #pointerMoved(): void {
    this.#pointerMs = performance.now();
  }

  #pointerLeft(): void {
    this.#pointerMs = Number.NEGATIVE_INFINITY;
    this.#frame.request();
  }

  #focusCame(event: FocusEvent): void {
    this.#keyboardInside = true;
    this.#tabStopId = (event.target as CallCard).call?.id ?? this.#tabStopId;
    this.#frame.request();
  }

  #focusWent(): void {
    this.#keyboardInside = false;
    this.#frame.request();
  }

  #moveFocus(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const cards = this.#cards;
    const focused = cards.findIndex((card) => card.matches(':focus-within'));
    const target = focused < 0 ? null : cardTowards(event.key, cards, focused);
    if (!target) return;
    event.preventDefault();
    target.focus();
  }

  /** The slash searches, as on many pages, unless somebody is typing one. */
  #search = (event: KeyboardEvent): void => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.composedPath().some((each) => each instanceof HTMLInputElement)) return;
    event.preventDefault();
    this.#filters?.focusSearch();
  };
}
customElements.define('ut-wall', WallPage);
