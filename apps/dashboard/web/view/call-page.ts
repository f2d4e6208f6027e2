import { html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { CallFeed, type SpeakerTrack } from '../data/call-feed.ts';
import { LiveClock } from '../data/live-clock.ts';
import type { TimelineSocket } from '../data/timeline-socket.ts';
import type { TimeRuler } from '../timeline/time-ruler.ts';
import '../timeline/time-ruler.ts';
import { TimeWindow, ticks } from '../timeline/time-window.ts';
import { clockTime, duration } from '../words.ts';
import './about-footer.ts';
import { callPageStyles } from './call-page-styles.ts';
import { FrameRequest } from './frame-request.ts';
import './notice-banner.ts';
import type { TimelineView } from './speaker-row.ts';
import './speaker-row.ts';
import './timeline-legend.ts';
import './timeline-table.ts';
import { TimelinePointer } from './timeline-pointer.ts';
import type { LinkState } from './top-bar.ts';
import './top-bar.ts';

const minuteMs = 60_000;
const presets = [1, 2, 5, 15];
const zoomStep = 1.6;
const pixelsPerTick = 110;

/** `<ut-call>`: one call in full: every speaker on one time axis. */
export class CallPage extends LitElement {
  static override properties = {
    socket: { attribute: false },
    callId: {},
    historyMs: { type: Number },
  };
  declare socket: TimelineSocket;
  declare callId: string;
  declare historyMs: number;

  readonly #clock = new LiveClock();
  #feed: CallFeed | null = null;
  #window: TimeWindow | null = null;
  #pointer: TimelinePointer | null = null;
  #lanesWidth = 0;
  #ticker: ReturnType<typeof setInterval> | undefined;
  readonly #frame = new FrameRequest(() => this.requestUpdate());
  readonly #resized = new ResizeObserver(([entry]) => {
    this.#lanesWidth = entry.contentRect.width;
    this.#frame.request();
  });

  static override styles = callPageStyles;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${this.callId} · Undertone`;
    this.#window = new TimeWindow(2 * minuteMs, this.historyMs);
    this.#feed = new CallFeed({
      socket: this.socket,
      callId: this.callId,
      clock: this.#clock,
      historyMs: this.historyMs,
      onChange: () => this.#frame.request(),
    });
    this.#pointer = new TimelinePointer({
      window: this.#window,
      liveMs: () => this.#liveMs,
      firstMs: () => this.#feed?.startedAtMs ?? 0,
      lanes: () => this.renderRoot.querySelector('ut-time-ruler')!.getBoundingClientRect(),
      onChange: () => this.#frame.request(),
    });
    this.#feed.open();
    this.#ticker = setInterval(() => this.#frame.request(), 1_000);
    document.addEventListener('keydown', this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticker);
    this.#frame.cancel();
    this.#resized.disconnect();
    this.#feed?.close();
    document.removeEventListener('keydown', this.#key);
  }

  /** The right edge of a timeline that follows: now, or the end of the call. */
  get #liveMs(): number {
    return this.#feed?.endedAtMs ?? this.#clock.now();
  }

  get #link(): LinkState {
    const { state, analyzerConnected } = this.#feed!;
    if (state === 'loading') return 'connecting';
    if (state === 'reconnecting') return 'reconnecting';
    return analyzerConnected === false ? 'analyzer-down' : 'live';
  }

  override render() {
    const feed = this.#feed!;
    const { startedAtMs, endedAtMs, state } = feed;
    return html`
      <ut-top-bar .link=${this.#link}>
        <nav><a href="/" class="back"><span aria-hidden="true">←</span> All calls</a></nav>
        <h1>${this.callId}</h1>
        ${
          startedAtMs === null
            ? nothing
            : html`<span class="age numbers">
              ${duration((endedAtMs ?? this.#clock.now()) - startedAtMs)}${endedAtMs === null ? '' : ', ended'}
            </span>`
        }
      </ut-top-bar>
      ${this.#notice()}
      ${feed.snapshots > 0 ? this.#timeline() : this.#empty(state)}
      <ut-about></ut-about>
    `;
  }

  override updated(): void {
    const ruler = this.renderRoot.querySelector<TimeRuler>('ut-time-ruler');
    if (!ruler) return;
    this.#resized.observe(ruler);
    const { range, ticksMs, hoverMs } = this.#view();
    ruler.draw(range, ticksMs);
    const crosshair = this.renderRoot.querySelector<HTMLElement>('.crosshair')!;
    crosshair.hidden = hoverMs === null;
    if (hoverMs === null) return;
    const share = (hoverMs - range.startMs) / (range.endMs - range.startMs);
    crosshair.style.translate = `${share * this.#lanesWidth}px 0`;
  }

  #view(): TimelineView {
    const nowMs = this.#liveMs;
    const range = this.#window!.range(nowMs);
    const hoverMs = this.#pointer!.hoverMs(range);
    return { range, ticksMs: ticks(range, Math.max(2, this.#lanesWidth / pixelsPerTick)), hoverMs, nowMs };
  }

  #timeline() {
    const view = this.#view();
    const pointer = this.#pointer!;
    const heard = [...this.#feed!.speakers.values()].filter(({ history }) => history.length > 0).length;
    const tracks = [...this.#feed!.speakers.values()].sort(
      (a, b) => a.speaker.joinedAtMs - b.speaker.joinedAtMs,
    );
    return html`
      <main data-snapshots=${this.#feed!.snapshots} data-following=${this.#window!.following}>
        ${this.#toolbar()}
        <div
          class="timeline"
          data-density=${heard <= 2 ? 'roomy' : 'dense'}
          tabindex="0"
          role="group"
          aria-label="Timeline. Left and right arrows move in time, plus and minus zoom, End jumps to live."
          @pointermove=${pointer.move}
          @pointerleave=${pointer.leave}
          @pointerdown=${pointer.down}
          @pointerup=${pointer.up}
          @pointercancel=${pointer.up}
          @wheel=${pointer.wheel}
        >
          <div class="axis"><ut-time-ruler></ut-time-ruler></div>
          ${repeat(
            tracks,
            (track) => track.speaker.id,
            (track: SpeakerTrack) => html`<ut-speaker-row .track=${track} .view=${view}></ut-speaker-row>`,
          )}
          <div class="crosshair" hidden></div>
        </div>
        <ut-legend></ut-legend>
        <ut-timeline-table .tracks=${tracks} .range=${view.range}></ut-timeline-table>
      </main>
    `;
  }

  #toolbar() {
    const window = this.#window!;
    const ended = this.#feed!.endedAtMs !== null;
    const minutes = Math.round((window.spanMs / minuteMs) * 10) / 10;
    return html`
      <div class="toolbar" role="toolbar" aria-label="Time shown">
        ${presets.map(
          (each) => html`<button
            aria-pressed=${minutes === each}
            @click=${() => this.#change(() => window.setSpan(each * minuteMs))}
          >
            ${each} min
          </button>`,
        )}
        <span class="divider"></span>
        <button class="icon-button" aria-label="Zoom out" title="Zoom out (−)" @click=${() => this.#zoom(zoomStep)}>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 12H18" /></svg>
        </button>
        <button class="icon-button" aria-label="Zoom in" title="Zoom in (+)" @click=${() => this.#zoom(1 / zoomStep)}>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 12H18M12 6V18" /></svg>
        </button>
        ${
          window.following
            ? html`<span class="following">${ended ? 'At the end of the call' : 'Following live'}</span>`
            : html`<button class="jump" title="End" @click=${() => this.#change(() => window.follow())}>
              ${ended ? 'Jump to the end' : 'Jump to live'}
              <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12H15M11 7L16 12L11 17M19 6V18" /></svg>
            </button>`
        }
      </div>
    `;
  }

  #notice() {
    const { state, analyzerConnected, endedAtMs } = this.#feed!;
    if (endedAtMs !== null) {
      return html`<ut-notice .heading=${`The call ended at ${clockTime(endedAtMs)}.`}>
        Its timeline can be looked at for some minutes more.
      </ut-notice>`;
    }
    if (state === 'reconnecting') {
      return html`<ut-notice .heading=${'The connection to the dashboard is lost.'}>
        What you see is what was received before. Trying to reconnect.
      </ut-notice>`;
    }
    if (state === 'unavailable') {
      return html`<ut-notice .heading=${'The dashboard was restarted.'}>
        What you see is what was received before; the timeline resumes when the analyzer has announced the call again.
      </ut-notice>`;
    }
    if (state === 'live' && analyzerConnected === false) {
      return html`<ut-notice .heading=${'The analyzer is not connected.'}>
        Nothing new is heard. The timeline resumes when it is back.
      </ut-notice>`;
    }
    return nothing;
  }

  #empty(state: CallFeed['state']) {
    if (state !== 'missing') return html`<main class="empty" role="status"><p>Loading the call…</p></main>`;
    return html`<main class="empty">
      <h2>There is no call ${this.callId}</h2>
      <p>It ended some time ago, or has not begun. If it begins, it appears here by itself.</p>
      <p><a href="/">All live calls</a></p>
    </main>`;
  }

  #change(act: () => void): void {
    act();
    this.#frame.request();
  }

  #zoom(factor: number): void {
    const { range, hoverMs } = this.#view();
    const anchorMs = hoverMs ?? (range.startMs + range.endMs) / 2;
    this.#change(() => this.#window!.zoom(factor, anchorMs, this.#liveMs));
  }

  #pan(share: number): void {
    const window = this.#window!;
    this.#change(() => window.pan(share * window.spanMs, this.#liveMs, this.#feed?.startedAtMs ?? 0));
  }

  #key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.composedPath().some((each) => each instanceof HTMLDialogElement && each.open)) return;
    const acts: Record<string, () => void> = {
      Escape: () => this.dispatchEvent(new CustomEvent('ut-leave', { bubbles: true, composed: true })),
      ArrowLeft: () => this.#pan(-0.1),
      ArrowRight: () => this.#pan(0.1),
      PageUp: () => this.#pan(-0.9),
      PageDown: () => this.#pan(0.9),
      End: () => this.#change(() => this.#window!.follow()),
      '+': () => this.#zoom(1 / zoomStep),
      '=': () => this.#zoom(1 / zoomStep),
      '-': () => this.#zoom(zoomStep),
    };
    const act = acts[event.key];
    if (!act || this.#feed?.snapshots === 0) {
      if (event.key === 'Escape') act?.();
      return;
    }
    event.preventDefault();
    act();
  };
}
customElements.define('ut-call', CallPage);
