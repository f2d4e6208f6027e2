import type { LiveCall } from '../calls/live-call.ts';
import type { LiveCalls } from '../calls/live-calls.ts';
import { callRoom, type TimelineNamespace, takeOutdated, type Viewer } from './timeline-namespace.ts';

export interface BroadcastLimits {
  /** A viewer that has been busy for this many flushes gets no more deltas until it has caught up. */
  maxBusyFlushes: number;
}

export interface BroadcastCounts {
  deltas: number;
  wallUpdates: number;
  snapshots: number;
  /** Deltas withheld from viewers that read too slowly; they see the gap in `seq` and ask for a snapshot. */
  withheldDeltas: number;
  withheldWallUpdates: number;
}

/**
 * Tells viewers what changed, when it is asked to flush and not before: many points become one message.
 * Nothing is queued here. What a viewer was not told yet follows from the store and the viewer's place in it.
 */
export class TimelineBroadcast {
  readonly counts: BroadcastCounts = {
    deltas: 0,
    wallUpdates: 0,
    snapshots: 0,
    withheldDeltas: 0,
    withheldWallUpdates: 0,
  };
  /** What was refused of viewers, by reason. */
  readonly refusals = { 'too-many-viewers': 0, 'origin-not-allowed': 0, 'too-many-requests': 0 };
  readonly #calls: LiveCalls;
  readonly #limits: BroadcastLimits;
  #namespace: TimelineNamespace | null = null;

  constructor(calls: LiveCalls, limits: BroadcastLimits) {
    this.#calls = calls;
    this.#limits = limits;
  }

  attach(namespace: TimelineNamespace): void {
    this.#namespace = namespace;
  }

  get viewers(): number {
    return this.#namespace?.sockets.size ?? 0;
  }

  /** Viewers who get no deltas until they have read what went before. */
  get behind(): number {
    let behind = 0;
    for (const viewer of this.#namespace?.sockets.values() ?? []) if (this.isBehind(viewer)) behind++;
    return behind;
  }

  announceLink(connected: boolean): void {
    this.#namespace?.emit('analysis-link', { connected });
  }

  /** Sends the deltas of every watched call, one message per kind of change and speaker. */
  flushCalls(): void {
    const namespace = this.#namespace;
    if (!namespace) return;
    for (const viewer of namespace.sockets.values()) {
      viewer.data.busyFlushes = viewer.conn.transport.writable ? 0 : viewer.data.busyFlushes + 1;
    }
    for (const room of namespace.adapter.rooms.keys()) {
      if (!room.startsWith(callRoom(''))) continue;
      const call = this.#calls.find(room.slice(callRoom('').length));
      if (call) this.flushCall(call);
    }
  }

  /** Sends the deltas of one call to those who watch it. */
  flushCall(call: LiveCall): void {
    const namespace = this.#namespace;
    const watchers = namespace?.adapter.rooms.get(callRoom(call.id));
    if (!namespace || !watchers) {
      call.skipDeltas();
      return;
    }
    const deltas = call.takeDeltas();
    if (deltas.length === 0) return;
    const behind: string[] = [];
    for (const id of watchers) {
      const viewer = namespace.sockets.get(id);
      if (viewer && this.isBehind(viewer)) behind.push(id);
    }
    for (const delta of deltas) namespace.to(callRoom(call.id)).except(behind).emit('call-delta', delta);
    this.counts.deltas += deltas.length * (watchers.size - behind.length);
    this.counts.withheldDeltas += deltas.length * behind.length;
  }

  /** Brings every watcher of the wall up to date. Watchers at the same version share one encoded message. */
  flushWall(): void {
    const namespace = this.#namespace;
    if (!namespace) return;
    const { byVersion, busy } = takeOutdated(namespace, 'wallVersion', this.#calls.version);
    this.counts.withheldWallUpdates += busy;
    for (const [seen, ids] of byVersion) {
      const changed = this.#calls.changedSince(seen);
      const live = changed.filter((call) => call.endedAtMs === null);
      const ended = changed.filter((call) => call.endedAtMs !== null);
      const viewers = namespace.to(ids);
      if (live.length > 0) {
        const summaries = live.map((call) => call.summary(seen));
        viewers.emit('calls-changed', summaries);
      }
      if (ended.length > 0) {
        const callIds = ended.map((call) => call.id);
        viewers.emit('calls-ended', callIds);
      }
      this.counts.wallUpdates += ids.length;
    }
  }

  isBehind(viewer: Viewer): boolean {
    return viewer.data.busyFlushes > this.#limits.maxBusyFlushes;
  }
}
