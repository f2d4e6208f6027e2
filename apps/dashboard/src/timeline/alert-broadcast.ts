import type { AlertDesk } from '../alerts/alert-desk.ts';
import type { TimelineNamespace } from './timeline-namespace.ts';

/** Tells those who watch alerts what changed, when it is asked to flush. Nothing is queued: a busy viewer is told later. */
export class AlertBroadcast {
  readonly counts = { alertUpdates: 0, withheldAlertUpdates: 0 };
  readonly #desk: AlertDesk;
  #namespace: TimelineNamespace | null = null;

  constructor(desk: AlertDesk) {
    this.#desk = desk;
  }

  attach(namespace: TimelineNamespace): void {
    this.#namespace = namespace;
  }

  flush(): void {
    const namespace = this.#namespace;
    if (!namespace) return;
    const { version } = this.#desk;
    const byVersion = new Map<number, string[]>();
    for (const { id, data, conn } of namespace.sockets.values()) {
      const seen = data.alertVersion;
      if (seen === null || seen === version) continue;
      if (!conn.transport.writable) {
        this.counts.withheldAlertUpdates++;
        continue;
      }
      byVersion.set(seen, [...(byVersion.get(seen) ?? []), id]);
      data.alertVersion = version;
    }
    for (const [seen, ids] of byVersion) {
      const { changed, removed } = this.#desk.changedSince(seen);
      if (changed.length > 0) namespace.to(ids).emit('alerts-changed', changed);
      if (removed.length > 0) namespace.to(ids).emit('alerts-removed', removed);
      this.counts.alertUpdates += ids.length;
    }
  }
}
