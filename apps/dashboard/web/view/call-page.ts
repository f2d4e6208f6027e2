import type { TimelineSocket } from '@undertone/overlay';
import { CallFeed, LiveClock, type SpeakerTrack } from '@undertone/overlay';
import type { Alert } from '@undertone/wire';
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AlertFeed } from '../data/alert-feed.ts';
import { fetchPoints, OlderPoints } from '../data/older-points.ts';
import { duration, zoneName } from '../language/formats.ts';
import { messages } from '../language/locale.ts';
import { type ConversationMark, conversationMarks } from '../timeline/conversation-marks.ts';
import type { TimeRuler } from '../timeline/time-ruler.ts';
import '../timeline/time-ruler.ts';
import { TimeWindow, ticks } from '../timeline/time-window.ts';
import './about-footer.ts';
import './call-alerts.ts';
import { callNotice, emptyCall } from './call-notice.ts';
import { callPageStyles } from './call-page-styles.ts';
import { callToolbar, zoomStep } from './call-toolbar.ts';
import './conversation-row.ts';
import { FrameRequest } from './frame-request.ts';
import { LocalizedElement } from './localized-element.ts';
import { momentWords } from './moment-words.ts';
import './notice-banner.ts';
import type { TimelineView } from './speaker-row.ts';
import './speaker-row.ts';
import './timeline-legend.ts';
import './timeline-table.ts';
import { TimelinePointer } from './timeline-pointer.ts';
import type { LinkState } from './top-bar.ts';
import './top-bar.ts';

const defaultSpanMs = 120_000;
const longestSpanMs = 24 * 3_600_000;
const pixelsPerTick = 110;
/** The keyboard's cursor crosses what is shown in so many steps. */
const cursorSteps = 60;

/** `<ut-call>`: one call in full: every speaker on one time axis. */
export class CallPage extends LocalizedElement {
  static override properties = {
    socket: { attribute: false },
    callId: {},
    alerts: { attribute: false },
  };
  declare socket: TimelineSocket;
  declare callId: string;
  declare alerts: AlertFeed;

  readonly #clock = new LiveClock();
  #feed: CallFeed | null = null;
  #older: OlderPoints | null = null;
  #forgetAlerts = (): void => {};
  #window: TimeWindow | null = null;
  #pointer: TimelinePointer | null = null;
  #lanesWidth = 0;
  /** Spoken by screen readers: what the keyboard's cursor reads. */
  #spoken = '';
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
    const onChange = (): void => this.#frame.request();
    this.#window = new TimeWindow(defaultSpanMs, longestSpanMs);
    this.#feed = new CallFeed({ socket: this.socket, callId: this.callId, clock: this.#clock, onChange });
    this.#older = new OlderPoints({ feed: this.#feed, fetch: fetchPoints, onChange });
    this.#pointer = new TimelinePointer({
      window: this.#window,
      liveMs: () => this.#liveMs,
      firstMs: () => this.#firstMs,
      lanes: () => this.renderRoot.querySelector('ut-time-ruler')!.getBoundingClientRect(),
      onChange,
    });
    this.#feed.open();
    this.#forgetAlerts = this.alerts.onChange(onChange);
    this.#ticker = setInterval(onChange, 1_000);
    document.addEventListener('keydown', this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticker);
    this.#frame.cancel();
    this.#resized.disconnect();
    this.#older?.close();
    this.#forgetAlerts();
    this.#feed?.close();
    document.removeEventListener('keydown', this.#key);
  }

  /** The right edge of a timeline that follows: now, or the end of the call. */
  get #liveMs(): number {
    return this.#feed?.endedAtMs ?? this.#clock.now();
  }

  get #firstMs(): number {
    return this.#feed?.startedAtMs ?? 0;
  }

  get #link(): LinkState {
    const { state, analyzerConnected } = this.#feed!;
    if (state === 'loading') return 'connecting';
    if (state === 'reconnecting') return 'reconnecting';
    return analyzerConnected === false ? 'analyzer-down' : 'live';
  }

  get #tracks(): SpeakerTrack[] {
    return [...this.#feed!.speakers.values()].sort((a, b) => a.speaker.joinedAtMs - b.speaker.joinedAtMs);
  }

  override render() {
    const feed = this.#feed!;
    const { startedAtMs, endedAtMs } = feed;
    const says = messages().call;
    const age = startedAtMs === null ? '' : duration(this.#liveMs - startedAtMs);
    return html`
      <ut-top-bar .link=${this.#link}>
        <nav><a href="/" class="back"><span aria-hidden="true">←</span> ${says.allCalls}</a></nav>
        <h1>${this.callId}</h1>
        <span class="age numbers">${endedAtMs === null ? age : [age, says.ended].join(says.listSeparator)}</span>
      </ut-top-bar>
      ${callNotice(feed)}
      ${feed.snapshots > 0 ? this.#timeline() : emptyCall(feed)}
      <ut-about></ut-about>
    `;
  }

  override updated(): void {
    const ruler = this.renderRoot.querySelector<TimeRuler>('ut-time-ruler');
    if (!ruler) return;
    this.#resized.observe(ruler);
    const { range, ticksMs, hoverMs } = this.#view();
    ruler.draw(range, ticksMs);
    this.#older?.want(range.startMs);
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
    const feed = this.#feed!;
    const window = this.#window!;
    const pointer = this.#pointer!;
    const view = this.#view();
    const tracks = this.#tracks;
    const heard = tracks.filter(({ history }) => history.length > 0).length;
    const { marks, possible } = this.#marks(tracks, view);
    const alerts = feed.recordId === null ? [] : this.alerts.ofCall(feed.recordId);
    const about = (id: string | null): Alert[] => alerts.filter(({ speakerId }) => speakerId === id);
    return html`
      <main data-snapshots=${feed.snapshots} data-following=${window.following}>
        ${callToolbar({
          window,
          ended: feed.endedAtMs !== null,
          callMs: this.#liveMs - this.#firstMs,
          older: this.#older!.state,
          setSpan: (spanMs) => this.#change(() => window.setSpan(spanMs)),
          zoom: (factor) => this.#zoom(factor),
          follow: () => this.#change(() => window.follow()),
        })}
        ${
          alerts.length > 0
            ? html`<ut-call-alerts
              .alerts=${alerts}
              .names=${new Map(tracks.map(({ speaker }) => [speaker.id, speaker.name]))}
              .nowMs=${view.nowMs}
              @ut-show-alert=${this.#showAlert}
            ></ut-call-alerts>`
            : nothing
        }
        <div
          class="timeline"
          data-density=${heard <= 2 ? 'roomy' : 'dense'}
          tabindex="0"
          role="group"
          aria-label=${messages().call.timeline}
          @pointermove=${pointer.move}
          @pointerleave=${pointer.leave}
          @pointerdown=${pointer.down}
          @pointerup=${pointer.up}
          @pointercancel=${pointer.up}
          @wheel=${pointer.wheel}
        >
          <div class="axis">
            <span class="zone numbers">${zoneName(view.nowMs)}</span>
            <ut-time-ruler></ut-time-ruler>
          </div>
          ${possible ? html`<ut-conversation-row .marks=${marks} .alerts=${about(null)} .view=${view}></ut-conversation-row>` : nothing}
          ${repeat(
            tracks,
            (track) => track.speaker.id,
            (track: SpeakerTrack) => html`<ut-speaker-row
              .track=${track}
              .alerts=${about(track.speaker.id)}
              .view=${view}
            ></ut-speaker-row>`,
          )}
          <div class="crosshair" hidden></div>
        </div>
        <div class="aloud" role="status">${this.#spoken}</div>
        <ut-legend></ut-legend>
        <ut-timeline-table .tracks=${tracks} .marks=${marks} .range=${view.range}></ut-timeline-table>
      </main>
    `;
  }

  /** Talk-over needs two voices that are analysed, silence that everyone is. */
  #marks(tracks: SpeakerTrack[], { range }: TimelineView): { marks: ConversationMark[]; possible: boolean } {
    const heard = tracks.filter(({ speaker }) => speaker.decision.analysed);
    if (heard.length < 2) return { marks: [], possible: false };
    const voices = heard.map(({ speaker, history, leftAtMs }) => ({
      history,
      joinedAtMs: Math.min(speaker.joinedAtMs, history.length > 0 ? history.atMs[history.start] : Infinity),
      leftAtMs,
    }));
    return { marks: conversationMarks(voices, heard.length === tracks.length, range), possible: true };
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
    this.#change(() => window.pan(share * window.spanMs, this.#liveMs, this.#firstMs));
  }

  /** Brings the evidence into the middle of what is shown, wide enough to see what was around it. */
  #showAlert({ detail: { fromMs, untilMs } }: CustomEvent<Alert>): void {
    const [window, liveMs] = [this.#window!, this.#liveMs];
    const endMs = untilMs ?? liveMs;
    if (window.spanMs < 1.5 * (endMs - fromMs)) window.setSpan(1.5 * (endMs - fromMs));
    const { startMs } = window.range(liveMs);
    const middleMs = startMs + window.spanMs / 2;
    this.#change(() => window.pan((fromMs + endMs) / 2 - middleMs, liveMs, this.#firstMs));
  }

  /** Moves the cursor that reads, and says what it reads. */
  #read(direction: number): void {
    const pointer = this.#pointer!;
    pointer.step((direction * this.#window!.spanMs) / cursorSteps);
    this.#spoken = momentWords(this.#tracks, pointer.cursorMs!);
  }

  /** Ends reading, or leaves the page. */
  #escape(): void {
    const pointer = this.#pointer!;
    if (pointer.cursorMs === null) {
      this.dispatchEvent(new CustomEvent('ut-leave', { bubbles: true, composed: true }));
      return;
    }
    pointer.cursorMs = null;
    this.#spoken = '';
    this.#frame.request();
  }

  #key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const inControl = (each: EventTarget): boolean =>
      (each instanceof HTMLDialogElement && each.open) ||
      each instanceof HTMLSelectElement ||
      each instanceof HTMLInputElement;
    if (event.composedPath().some(inControl)) return;
    const acts: Record<string, () => void> = {
      Escape: () => this.#escape(),
      ArrowLeft: () => (event.shiftKey ? this.#read(-1) : this.#pan(-0.1)),
      ArrowRight: () => (event.shiftKey ? this.#read(1) : this.#pan(0.1)),
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
