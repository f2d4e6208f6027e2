import type { AlertDesk } from '../alerts/alert-desk.ts';
import { type TimelineNamespace, takeOutdated } from './timeline-namespace.ts';

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
    const { byVersion, busy } = takeOutdated(namespace, 'alertVersion', this.#desk.version);
    this.counts.withheldAlertUpdates += busy;
    for (const [seen, ids] of byVersion) {
      const { changed, removed } = this.#desk.changedSince(seen);
      if (changed.length > 0) namespace.to(ids).emit('alerts-changed', changed);
      if (removed.length > 0) namespace.to(ids).emit('alerts-removed', removed);
      this.counts.alertUpdates += ids.length;
    }
  }
}
