import type {
  CallDelta,
  CallSnapshot,
  EmotionPoint,
  Reply,
  Speaker,
  TimelineErrorCode,
} from '@undertone/wire';
import { PointHistory } from '@undertone/wire';
import type { LiveClock } from './live-clock.ts';
import type { TimelineSocket } from './timeline-socket.ts';

/** One speaker of the call as the browser knows it. */
export interface SpeakerTrack {
  speaker: Speaker;
  /** null while present. */
  leftAtMs: number | null;
  history: PointHistory;
  /** Capture time from which on every point is here; before it the history has to be asked. */
  completeSinceMs: number;
}

/**
 * - `loading`: no answer yet;
 * - `live`: a snapshot is here and deltas follow it (or the call ended and nothing more will come);
 * - `reconnecting`: the connection is lost, what is shown is old;
 * - `missing`: the dashboard knows no such call;
 * - `unavailable`: it knew the call before, and does not any more (it restarted); what is shown is old.
 */
export type CallFeedState = 'loading' | 'live' | 'reconnecting' | 'missing' | 'unavailable';

const answerTimeoutMs = 8_000;
const retryMs = 2_000;
/** A day of talk, five points a second: what a page left open keeps. */
const maxPoints = 432_000;

/**
 * The data of one call: a snapshot when it opens, deltas after, a new snapshot when a delta is missing or the connection
 * was lost. Knows nothing of the page.
 */
export class CallFeed {
  readonly callId: string;
  state: CallFeedState = 'loading';
  /** Whether the dashboard hears from an analyzer; null until it has said so. */
  analyzerConnected: boolean | null = null;
  /** Names this one call in the history. */
  recordId: string | null = null;
  startedAtMs: number | null = null;
  endedAtMs: number | null = null;
  readonly speakers = new Map<string, SpeakerTrack>();
  /** How many snapshots were taken: one, and one more for every gap and reconnection. */
  snapshots = 0;

  readonly #socket: TimelineSocket;
  readonly #clock: LiveClock;
  readonly #limits: { maxPoints: number; historyMs: number };
  readonly #onChange: () => void;
  #seq = 0;
  /** Number of the request whose answer is awaited; 0 for none. */
  #awaited = 0;
  #requests = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: {
    socket: TimelineSocket;
    callId: string;
    clock: LiveClock;
    /** How far back the points of a speaker are kept; absent for as long as the page is open. */
    historyMs?: number;
    onChange: () => void;
  }) {
    this.#socket = options.socket;
    this.callId = options.callId;
    this.#clock = options.clock;
    this.#limits = { maxPoints, historyMs: options.historyMs ?? Number.POSITIVE_INFINITY };
    this.#onChange = options.onChange;
  }

  open(): void {
    this.#socket.on('connect', this.#connected);
    this.#socket.on('disconnect', this.#disconnected);
    this.#socket.on('analysis-link', this.#linkChanged);
    this.#socket.on('call-delta', this.#delta);
    if (this.#socket.connected) this.#askSnapshot();
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#awaited = 0;
    this.#socket.off('connect', this.#connected);
    this.#socket.off('disconnect', this.#disconnected);
    this.#socket.off('analysis-link', this.#linkChanged);
    this.#socket.off('call-delta', this.#delta);
    if (this.#socket.connected) this.#socket.emit('unwatch-call', { callId: this.callId });
  }

  /**
   * Puts points from the history before those that are here, which are complete from `completeSinceMs` on then. Does
   * nothing if the call or the consent is another by now.
   */
  prepend(recordId: string, speakerId: string, points: EmotionPoint[], completeSinceMs: number): void {
    const track = this.speakers.get(speakerId);
    if (recordId !== this.recordId || track?.speaker.consent !== 'granted') return;
    const history = new PointHistory(this.#limits);
    for (const point of points) history.append(point);
    appendBefore(history, track.history, Number.POSITIVE_INFINITY);
    track.history = history;
    track.completeSinceMs = completeSinceMs;
  }

  #connected = (): void => this.#askSnapshot();

  #disconnected = (): void => {
    this.#awaited = 0;
    clearTimeout(this.#timer);
    if (this.snapshots > 0) this.state = 'reconnecting';
    this.#onChange();
  };

  #linkChanged = ({ connected }: { connected: boolean }): void => {
    this.analyzerConnected = connected;
    this.#onChange();
  };

  #askSnapshot = (): void => {
    const request = ++this.#requests;
    this.#awaited = request;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#askSnapshot, answerTimeoutMs);
    this.#socket.emit('watch-call', { callId: this.callId }, (reply) => {
      if (request === this.#awaited) this.#answered(reply);
    });
  };

  #answered(reply: Reply<CallSnapshot, TimelineErrorCode>): void {
    this.#awaited = 0;
    clearTimeout(this.#timer);
    if (reply.ok) {
      this.#take(reply.value);
      this.state = 'live';
    } else {
      if (reply.error.code === 'call-not-found') this.state = this.snapshots > 0 ? 'unavailable' : 'missing';
      this.#timer = setTimeout(this.#askSnapshot, retryMs);
    }
    this.#onChange();
  }

  #take(snapshot: CallSnapshot): void {
    const sameCall = snapshot.startedAtMs === this.startedAtMs;
    const before = new Map(this.speakers);
    this.speakers.clear();
    for (const { speaker, leftAtMs, points } of snapshot.speakers) {
      const history = new PointHistory(this.#limits);
      const known = sameCall && speaker.consent === 'granted' ? before.get(speaker.id) : undefined;
      // A dashboard that restarted has forgotten what this page still knows.
      if (known) appendBefore(history, known.history, points[0]?.atMs ?? Number.POSITIVE_INFINITY);
      this.#append(history, points);
      const completeSinceMs = known?.completeSinceMs ?? points[0]?.atMs ?? this.#clock.now();
      this.speakers.set(speaker.id, { speaker, leftAtMs, history, completeSinceMs });
    }
    this.recordId = snapshot.recordId;
    this.startedAtMs = snapshot.startedAtMs;
    this.endedAtMs = snapshot.endedAtMs;
    this.#seq = snapshot.seq;
    this.snapshots++;
  }

  #delta = (delta: CallDelta): void => {
    // What comes before the awaited snapshot is part of it.
    if (delta.callId !== this.callId || this.#awaited !== 0 || this.snapshots === 0) return;
    if (delta.seq <= this.#seq) return;
    if (delta.seq > this.#seq + 1) {
      this.#askSnapshot();
      return;
    }
    this.#seq = delta.seq;
    switch (delta.change) {
      case 'points': {
        const track = this.speakers.get(delta.speakerId);
        if (track) this.#append(track.history, delta.points);
        break;
      }
      case 'speaker':
        this.#putSpeaker(delta.speaker);
        break;
      case 'speaker-left': {
        const track = this.speakers.get(delta.speakerId);
        if (track) track.leftAtMs = delta.leftAtMs;
        break;
      }
      case 'ended':
        this.endedAtMs = delta.endedAtMs;
        break;
    }
    this.#onChange();
  };

  #putSpeaker(speaker: Speaker): void {
    const known = this.speakers.get(speaker.id);
    const history = known?.history ?? new PointHistory(this.#limits);
    if (speaker.consent === 'withdrawn') history.clear();
    const completeSinceMs = known?.completeSinceMs ?? speaker.joinedAtMs;
    this.speakers.set(speaker.id, { speaker, leftAtMs: null, history, completeSinceMs });
    this.endedAtMs = null;
  }

  #append(history: PointHistory, points: EmotionPoint[]): void {
    for (const point of points) history.append(point);
    const newest = points.at(-1);
    if (newest && this.endedAtMs === null) this.#clock.observe(newest.atMs);
  }
}

function appendBefore(target: PointHistory, source: PointHistory, ms: number): void {
  for (let i = source.start; i < source.end && source.atMs[i] < ms; i++) target.append(source.point(i));
}
