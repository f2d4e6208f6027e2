import type { TimelineSocket } from '@undertone/overlay';
import type { Alert } from '@undertone/wire';

const answerTimeoutMs = 8_000;
const retryMs = 2_000;

/** Whether an alert still asks for somebody: not acknowledged, and not put off. */
export const isOpen = (alert: Alert, nowMs: number): boolean =>
  alert.acknowledgedAtMs === null && (alert.snoozedUntilMs === null || alert.snoozedUntilMs <= nowMs);

const severityRank: Record<Alert['severity'], number> = { critical: 0, warning: 1, notice: 2 };

/** The alerts of now, for all pages: asked for when connected, brought up to date by what the dashboard says. */
export class AlertFeed {
  readonly #alerts = new Map<string, Alert>();
  readonly #socket: TimelineSocket;
  readonly #listeners = new Set<() => void>();
  #awaiting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: TimelineSocket) {
    this.#socket = socket;
  }

  open(): void {
    this.#socket.on('connect', this.#ask);
    this.#socket.on('alerts-changed', this.#changed);
    this.#socket.on('alerts-removed', this.#removed);
    if (this.#socket.connected) this.#ask();
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#socket.off('connect', this.#ask);
    this.#socket.off('alerts-changed', this.#changed);
    this.#socket.off('alerts-removed', this.#removed);
  }

  /** Calls `listener` whenever an alert is new, changed or gone; returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Those of one call, the gravest first and of these the oldest. */
  ofCall(recordId: string): Alert[] {
    return [...this.#alerts.values()].filter((alert) => alert.recordId === recordId).sort(byGravity);
  }

  /** Those that still ask for somebody, by call, in the same order. */
  openByCall(nowMs: number): Map<string, Alert[]> {
    const byCall = new Map<string, Alert[]>();
    for (const alert of this.#alerts.values()) {
      if (!isOpen(alert, nowMs)) continue;
      const ofCall = byCall.get(alert.recordId);
      if (ofCall) ofCall.push(alert);
      else byCall.set(alert.recordId, [alert]);
    }
    for (const alerts of byCall.values()) alerts.sort(byGravity);
    return byCall;
  }

  #ask = (): void => {
    this.#awaiting = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#ask, answerTimeoutMs);
    this.#socket.emit('watch-alerts', (reply) => {
      this.#awaiting = false;
      clearTimeout(this.#timer);
      if (reply.ok) {
        this.#alerts.clear();
        this.#put(reply.value);
      } else {
        this.#timer = setTimeout(this.#ask, retryMs);
      }
    });
  };

  #changed = (alerts: Alert[]): void => {
    // What comes before the awaited answer is part of it.
    if (!this.#awaiting) this.#put(alerts);
  };

  #removed = (alertIds: string[]): void => {
    for (const id of alertIds) this.#alerts.delete(id);
    this.#announce();
  };

  #put(alerts: Alert[]): void {
    for (const alert of alerts) this.#alerts.set(alert.alertId, alert);
    this.#announce();
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

function byGravity(a: Alert, b: Alert): number {
  return severityRank[a.severity] - severityRank[b.severity] || a.firedAtMs - b.firedAtMs;
}
