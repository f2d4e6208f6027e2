import type {
  CallDelta,
  EmotionPoint,
  Speaker,
  TimelineClientEvents,
  TimelineServerEvents,
} from '@undertone/wire';
import { io, type Socket } from 'socket.io-client';

/** One speaker's timeline as a viewer of the dashboard receives it. */
export interface WatchedSpeaker {
  speaker: Speaker;
  leftAtMs: number | null;
  points: EmotionPoint[];
}

/** A viewer of one call, on the dashboard's own socket. Like the page, it takes a new snapshot after a reconnection. */
export class TimelineWatch {
  /** What the dashboard said of its analyzer, oldest first. */
  readonly analysisLinks: boolean[] = [];
  /** Points that came in a delta though they were there already. */
  repeatedPoints = 0;
  readonly #socket: Socket<TimelineServerEvents, TimelineClientEvents>;
  readonly #callId: string;
  readonly #speakers = new Map<string, WatchedSpeaker>();
  #seq: number | null = null;
  #waiting: (() => void)[] = [];

  /** Watches the call from the moment it exists. */
  constructor(dashboardUrl: string, callId: string) {
    this.#callId = callId;
    this.#socket = io(`${dashboardUrl}/timeline`, { transports: ['websocket'], forceNew: true });
    this.#socket.on('connect', () => {
      this.#seq = null;
      this.#socket.emit('watch-calls', () => this.#watch());
    });
    this.#socket.on('analysis-link', ({ connected }) => {
      this.analysisLinks.push(connected);
      this.#changed();
    });
    this.#socket.on('calls-changed', (calls) => {
      if (this.#seq === null && calls.some(({ id }) => id === callId)) this.#watch();
    });
    this.#socket.on('call-delta', (delta) => this.#apply(delta));
  }

  /** The speaker of that name, undefined before they joined. */
  find(name: string): WatchedSpeaker | undefined {
    return [...this.#speakers.values()].find(({ speaker }) => speaker.name === name);
  }

  /** Everyone of that name, in the order in which they joined. */
  named(name: string): WatchedSpeaker[] {
    return [...this.#speakers.values()].filter(({ speaker }) => speaker.name === name);
  }

  points(name: string): EmotionPoint[] {
    return this.find(name)?.points ?? [];
  }

  /**
   * Settles as soon as `condition` holds; it is looked at after everything that arrives.
   * @throws Error with `what` and the state of the timelines if it does not come true
   */
  async until(what: string, condition: () => boolean, timeoutMs = 40_000): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`never came: ${what}\n${this.describe()}`)), timeoutMs);
    });
    try {
      while (!condition())
        await Promise.race([late, new Promise<void>((resolve) => this.#waiting.push(resolve))]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Each speaker's states in a row, for error messages. */
  describe(): string {
    const lines = [...this.#speakers.values()].map(({ speaker, leftAtMs, points }) => {
      const states = points.map(({ state }) => state[0]).join('');
      return `${speaker.name} (${speaker.decision.reason})${leftAtMs === null ? '' : ' left'}: ${states}`;
    });
    return lines.length === 0 ? 'no speaker was seen' : lines.join('\n');
  }

  close(): void {
    this.#socket.disconnect();
  }

  #watch(): void {
    this.#socket.emit('watch-call', { callId: this.#callId }, (reply) => {
      if (!reply.ok || this.#seq !== null) return;
      this.#seq = reply.value.seq;
      for (const { speaker, leftAtMs, points } of reply.value.speakers) {
        const known = this.#speakers.get(speaker.id)?.points ?? [];
        this.#speakers.set(speaker.id, { speaker, leftAtMs, points: union(known, points) });
      }
      this.#changed();
    });
  }

  #apply(delta: CallDelta): void {
    if (this.#seq === null || delta.seq <= this.#seq) return;
    this.#seq = delta.seq;
    if (delta.change === 'speaker') {
      const known = this.#speakers.get(delta.speaker.id);
      this.#speakers.set(delta.speaker.id, {
        speaker: delta.speaker,
        leftAtMs: null,
        points: known?.points ?? [],
      });
    } else if (delta.change !== 'ended') {
      const watched = this.#speakers.get(delta.speakerId);
      if (watched === undefined) return;
      if (delta.change === 'points') {
        const all = union(watched.points, delta.points);
        this.repeatedPoints += watched.points.length + delta.points.length - all.length;
        watched.points = all;
      } else watched.leftAtMs = delta.leftAtMs;
    }
    this.#changed();
  }

  #changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** All points by their time, each once. */
function union(known: EmotionPoint[], more: EmotionPoint[]): EmotionPoint[] {
  if (known.length === 0 || more.length === 0) return [...known, ...more];
  if (more[0].atMs > known.at(-1)!.atMs) return [...known, ...more];
  const byTime = new Map([...known, ...more].map((point) => [point.atMs, point]));
  return [...byTime.values()].sort((a, b) => a.atMs - b.atMs);
}
