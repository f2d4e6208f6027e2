import { CallFeed } from './call-feed.ts';
import { LiveClock } from './live-clock.ts';
import { connectTimeline, type TimelineSocket } from './timeline-socket.ts';

/** How much of the past a watched call keeps for each speaker. */
const historyMs = 900_000;
/** A dashboard that refused is asked again: the token may be accepted later. */
const refusedRetryMs = 10_000;

export interface TimelineClientOptions {
  /** Any address of the dashboard; only its origin counts. */
  url: string;
  /** An API token that may read the calls. */
  token?: string | null;
}

/** A call that is being watched. `call` changes in place. */
export interface WatchedCall {
  readonly call: CallFeed;
  /** Idempotent. */
  close(): void;
}

interface Watched {
  feed: CallFeed;
  listeners: Set<() => void>;
}

/**
 * One connection to a dashboard, and the calls that are watched over it. It reconnects by itself; a call that has not begun
 * yet appears when it does. Whoever watches the same call twice shares its data.
 */
export class TimelineClient {
  /** Capture time of now, as far as the points tell it. */
  readonly clock = new LiveClock();
  /** `unreachable`: nobody answers, or not to pages of this origin; `refused`: the dashboard answered that the token may not look. */
  problem: 'unreachable' | 'refused' | null = null;
  readonly #socket: TimelineSocket;
  readonly #calls = new Map<string, Watched>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @throws TypeError if `url` is no address */
  constructor({ url, token = null }: TimelineClientOptions, connect = connectTimeline) {
    this.#socket = connect(new URL(url).origin, token);
    this.#socket.on('connect', this.#connected);
    this.#socket.on('connect_error', this.#failed);
  }

  /** @param onChange is called after every change of the call or of the connection */
  watch(callId: string, onChange: (call: CallFeed) => void): WatchedCall {
    const watched = this.#calls.get(callId) ?? this.#open(callId);
    const { feed, listeners } = watched;
    const listener = () => onChange(feed);
    listeners.add(listener);
    return {
      call: feed,
      close: () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        feed.close();
        this.#calls.delete(callId);
      },
    };
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    for (const { feed } of this.#calls.values()) feed.close();
    this.#calls.clear();
    this.#socket.disconnect();
  }

  #open(callId: string): Watched {
    const listeners = new Set<() => void>();
    const onChange = () => {
      for (const listener of [...listeners]) listener();
    };
    const feed = new CallFeed({ socket: this.#socket, callId, clock: this.clock, historyMs, onChange });
    const watched = { feed, listeners };
    this.#calls.set(callId, watched);
    feed.open();
    return watched;
  }

  #connected = (): void => {
    this.problem = null;
  };

  #failed = (): void => {
    // socket.io goes on trying by itself, unless it was the dashboard that said no.
    this.problem = this.#socket.active ? 'unreachable' : 'refused';
    clearTimeout(this.#timer);
    if (this.problem === 'refused') this.#timer = setTimeout(() => this.#socket.connect(), refusedRetryMs);
    for (const { listeners } of this.#calls.values()) for (const listener of [...listeners]) listener();
  };
}
