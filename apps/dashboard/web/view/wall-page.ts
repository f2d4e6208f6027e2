import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { LiveClock } from '../data/live-clock.ts';
import type { TimelineSocket } from '../data/timeline-socket.ts';
import { type WallCall, WallFeed } from '../data/wall-feed.ts';
import { clockTime } from '../words.ts';
import './about-footer.ts';
import type { CallCard } from './call-card.ts';
import './call-card.ts';
import { controlStyles } from './control-styles.ts';
import { FrameRequest } from './frame-request.ts';
import './notice-banner.ts';
import './overview-strip.ts';
import type { LinkState } from './top-bar.ts';
import './top-bar.ts';

/** Cards are as large as the number of calls allows, so that few fill the wall and many fit on it. */
const densities = [
  { upTo: 4, density: 'roomy' },
  { upTo: 12, density: 'broad' },
  { upTo: 24, density: 'easy' },
  { upTo: Number.POSITIVE_INFINITY, density: 'dense' },
];

/** The undertone of the logo, asleep. */
const sleepingWave = 'M4 48c18 0 18 14 36 14s18-28 36-28 18 28 36 28 18-28 36-28 18 28 36 28 18-14 36-14';

/** `<ut-wall>`: every live call at a glance. */
export class WallPage extends LitElement {
  static override properties = {
    socket: { attribute: false },
    clock: { attribute: false },
    joinUrl: {},
    /** Call whose card gets the focus when it appears: the one that was just looked at. */
    focusCallId: {},
  };
  declare socket: TimelineSocket;
  declare clock: LiveClock;
  declare joinUrl: string | null;
  declare focusCallId: string | null;

  #feed: WallFeed | null = null;
  #staleSinceMs: number | null = null;
  #ticker: ReturnType<typeof setInterval> | undefined;
  readonly #frame = new FrameRequest(() => this.requestUpdate());

  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 100vh;
      }
      main {
        flex: 1;
      }
      .cards {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, var(--card-width, 16.5rem)), 1fr));
        gap: var(--ut-space-2);
        margin: 0 var(--ut-page-margin);
      }
      .cards[data-density="roomy"] {
        --card-width: 27rem;
        --card-mark: 3.25rem;
        --card-mark-gap: 1rem;
        --card-ribbon: 2.75rem;
        --card-word: var(--ut-text-lg);
        --card-name: var(--ut-text-sm);
        --card-padding: 0.875rem 1.125rem 1rem;
        --card-gap: 0.875rem;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, var(--card-width)), 1fr));
        gap: var(--ut-space-4);
      }
      .cards[data-density="broad"] {
        --card-width: 25rem;
        --card-mark: 2.875rem;
        --card-mark-gap: 0.875rem;
        --card-ribbon: 2.25rem;
        --card-word: 1.0625rem;
        --card-name: var(--ut-text-sm);
        --card-padding: 0.75rem 1rem 0.875rem;
        --card-gap: 0.625rem;
        gap: var(--ut-space-3);
      }
      .cards[data-density="easy"] {
        --card-width: 20rem;
        --card-mark: 2.375rem;
        --card-mark-gap: 0.75rem;
        --card-ribbon: 1.625rem;
        --card-word: var(--ut-text-md);
        --card-padding: 0.625rem 0.75rem 0.75rem;
        --card-gap: 0.5rem;
        gap: var(--ut-space-3);
      }
      .empty {
        max-width: 36rem;
        margin: 14vh auto 0;
        padding: 0 var(--ut-page-margin);
      }
      .empty svg {
        width: 14rem;
        height: 4.5rem;
        fill: none;
        stroke: var(--ut-rule-strong);
        stroke-width: 2.5;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
      h1 {
        margin: var(--ut-space-4) 0 var(--ut-space-2);
        font-size: var(--ut-text-2xl);
        font-weight: var(--ut-weight-bold);
        letter-spacing: -0.025em;
        line-height: var(--ut-leading-tight);
        text-wrap: balance;
      }
      .empty p {
        margin: 0 0 var(--ut-space-4);
        color: var(--ut-ink-soft);
        font-size: var(--ut-text-lg);
      }
      .empty code {
        font-size: 0.95em;
      }
      .action {
        display: inline-block;
        padding: var(--ut-space-2) var(--ut-space-4);
        border-radius: var(--ut-radius);
        background: var(--ut-inverse);
        color: var(--ut-on-inverse);
        font-weight: var(--ut-weight-bold);
        text-decoration: none;
      }
      .heading {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
        white-space: nowrap;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Live calls · Undertone';
    this.#feed = new WallFeed({
      socket: this.socket,
      clock: this.clock,
      onChange: () => this.#frame.request(),
    });
    this.#feed.open();
    this.#ticker = setInterval(() => this.#frame.request(), 1_000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticker);
    this.#frame.cancel();
    this.#feed?.close();
  }

  get #link(): LinkState {
    const feed = this.#feed!;
    if (feed.state === 'loading') return 'connecting';
    if (feed.state === 'reconnecting') return 'reconnecting';
    return feed.analyzerConnected === false ? 'analyzer-down' : 'live';
  }

  override render() {
    const feed = this.#feed!;
    const { calls } = feed;
    const link = this.#link;
    const stale = link !== 'live' && calls.length > 0;
    if (!stale) this.#staleSinceMs = null;
    else this.#staleSinceMs ??= this.clock.now();
    const nowMs = this.#staleSinceMs ?? Math.floor(this.clock.now() / 1_000) * 1_000;
    return html`
      <ut-top-bar .link=${link} .joinUrl=${calls.length > 0 ? this.joinUrl : null}></ut-top-bar>
      ${stale ? this.#notice(link) : nothing}
      <main>
        ${
          calls.length > 0
            ? html`<h1 class="heading">Live calls</h1>
              <ut-overview .calls=${calls} .nowMs=${nowMs} ?stale=${stale}></ut-overview>
              ${this.#cards(calls, nowMs, stale)}`
            : this.#empty(link)
        }
      </main>
      <ut-about></ut-about>
    `;
  }

  override updated(): void {
    if (this.focusCallId === null) return;
    const card = this.renderRoot.querySelector<CallCard>(`ut-call-card[call-id="${this.focusCallId}"]`);
    if (!card) return;
    this.focusCallId = null;
    card.updateComplete.then(() => card.focus());
  }

  #cards(calls: WallCall[], nowMs: number, stale: boolean) {
    const { density } = densities.find(({ upTo }) => calls.length <= upTo)!;
    return html`
      <div class="cards" data-density=${density} @keydown=${this.#moveFocus}>
        ${repeat(
          calls,
          (call) => call.id,
          (call) => html`<ut-call-card
            call-id=${call.id}
            .call=${call}
            .revision=${call.revision}
            .nowMs=${nowMs}
            ?stale=${stale}
          ></ut-call-card>`,
        )}
      </div>
    `;
  }

  #notice(link: LinkState) {
    const since = clockTime(this.#staleSinceMs!);
    if (link === 'reconnecting') {
      return html`<ut-notice .heading=${'The connection to the dashboard is lost.'}>
        What you see is from ${since}. Trying to reconnect.
      </ut-notice>`;
    }
    return html`<ut-notice .heading=${'The analyzer is not connected.'}>
      Nothing new has been heard since ${since}. Calls go on; their timelines resume when it is back.
    </ut-notice>`;
  }

  #empty(link: LinkState) {
    if (link === 'connecting') return html`<div class="empty" role="status"><p>Connecting…</p></div>`;
    const line = html`<svg viewBox="0 0 224 72" aria-hidden="true">
      <path d="M4 16H220" />
      <path stroke-dasharray="0.1 9" d=${sleepingWave} />
    </svg>`;
    if (link === 'reconnecting') {
      return html`<div class="empty" role="status">
        ${line}
        <h1>The connection is lost</h1>
        <p>Trying to reach the dashboard again. Nothing is needed from you.</p>
      </div>`;
    }
    if (link === 'analyzer-down') {
      return html`<div class="empty" role="status">
        ${line}
        <h1>Waiting for the analyzer</h1>
        <p>
          The dashboard runs, but no analyzer is connected to it, so no call can be shown. If it stays like this, see
          whether the analyzer is running.
        </p>
      </div>`;
    }
    return html`<div class="empty">
      ${line}
      <h1>No live calls</h1>
      <p>A call appears here by itself as soon as somebody speaks in one.</p>
      ${this.joinUrl ? html`<a class="action" href=${this.joinUrl}>Start a call</a>` : nothing}
    </div>`;
  }

  /** Arrow keys go from card to card as the eye does. */
  #moveFocus(event: KeyboardEvent): void {
    const cards = [...this.renderRoot.querySelectorAll<CallCard>('ut-call-card')];
    const focused = cards.findIndex((card) => card.matches(':focus-within'));
    if (focused < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const columns = cards.filter((card) => card.offsetTop === cards[0].offsetTop).length;
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
      Home: -focused,
      End: cards.length - 1 - focused,
    };
    const target = cards[focused + steps[event.key]];
    if (!target) return;
    event.preventDefault();
    target.focus();
  }
}
customElements.define('ut-wall', WallPage);
