import { randomUUID } from 'node:crypto';
import type { Alert, AlertRule, EmotionPoint } from '@undertone/wire';
import type { CallObserver } from '../calls/call-observer.ts';
import type { LiveCall } from '../calls/live-call.ts';
import type { LiveSpeaker } from '../calls/live-speaker.ts';
import type { Clock } from '../clock.ts';
import { CallWatch } from './call-watch.ts';
import type { Finding } from './finding.ts';

/** Alerts at hand; older ones are in the history alone. */
const maxAlerts = 1_000;
/** Notes on one alert. */
const maxNotes = 50;

/** Where alerts go: to the history and to the webhooks. */
export interface AlertOutlet {
  alertChanged(alert: Alert): void;
  alertFired(alert: Alert): void;
  alertEnded(alert: Alert): void;
  alertRemoved(alertId: string): void;
}

export interface AlertCounts {
  fired: number;
  ended: number;
  /** Because of a withdrawal. */
  removed: number;
  /** No longer at hand because there are too many. */
  displaced: number;
}

/** Holds the live calls against the rules, and keeps what was found at hand for those who watch. */
export class AlertDesk implements CallObserver {
  readonly counts: AlertCounts = { fired: 0, ended: 0, removed: 0, displaced: 0 };
  /** Grows with every change of an alert. */
  version = 0;
  readonly #outlet: AlertOutlet;
  readonly #clock: Clock;
  #rules: readonly AlertRule[];
  readonly #watches = new Map<string, { call: LiveCall; watch: CallWatch }>();
  /** In the order in which they fired. */
  readonly #alerts = new Map<string, { alert: Alert; version: number }>();
  /** Those that last, by call, rule and voice. */
  readonly #lasting = new Map<string, string>();
  #removed: { alertId: string; version: number }[] = [];

  constructor(rules: readonly AlertRule[], outlet: AlertOutlet, clock: Clock) {
    this.#rules = rules;
    this.#outlet = outlet;
    this.#clock = clock;
  }

  /** Alerts at hand, the newest first. */
  get alerts(): Alert[] {
    return [...this.#alerts.values()].map(({ alert }) => alert).reverse();
  }

  /** Alerts at hand that nobody acknowledged. */
  get open(): number {
    let open = 0;
    for (const { alert } of this.#alerts.values()) if (alert.acknowledgedAtMs === null) open++;
    return open;
  }

  find(alertId: string): Alert | undefined {
    return this.#alerts.get(alertId)?.alert;
  }

  /** What a viewer who was told everything up to `version` does not know. */
  changedSince(version: number): { changed: Alert[]; removed: string[] } {
    return {
      changed: [...this.#alerts.values()].filter((each) => each.version > version).map(({ alert }) => alert),
      removed: this.#removed.filter((each) => each.version > version).map(({ alertId }) => alertId),
    };
  }

  /**
   * Takes alerts and calls over from before a restart. What lasted goes on, if its rule and its voice are still there.
   * @param alerts in the order in which they fired
   */
  restore(alerts: readonly Alert[], live: readonly LiveCall[]): void {
    for (const call of live) this.#watchOf(call);
    for (const alert of alerts) {
      this.#alerts.set(alert.alertId, { alert, version: ++this.version });
      if (alert.untilMs !== null) continue;
      const watch = this.#watches.get(alert.recordId)?.watch;
      if (watch?.resume(alert.ruleId, alert.speakerId, alert.fromMs))
        this.#lasting.set(keyOf(alert), alert.alertId);
      else this.#put({ ...alert, untilMs: alert.firedAtMs });
    }
  }

  /** Other rules hold from now on; what lasts by a rule that is no more, ends. */
  follow(rules: readonly AlertRule[]): void {
    this.#rules = rules;
    const before = [...this.#watches.values()];
    this.#watches.clear();
    for (const { call } of before) this.#watchOf(call);
    for (const [key, alertId] of [...this.#lasting]) {
      const alert = this.find(alertId);
      const watch = alert && this.#watches.get(alert.recordId)?.watch;
      if (alert && !watch?.resume(alert.ruleId, alert.speakerId, alert.fromMs))
        this.#end(key, alert, this.#clock());
    }
  }

  callChanged(call: LiveCall): void {
    if (call.endedAtMs === null) return;
    this.#watches.get(call.recordId)?.watch.end();
    this.#watches.delete(call.recordId);
  }

  speakerChanged(call: LiveCall, { speaker, leftAtMs }: LiveSpeaker): void {
    const watch = this.#watchOf(call);
    if (leftAtMs === null) watch.put(speaker);
    else watch.remove(speaker.id);
  }

  pointAdded(call: LiveCall, { speaker }: LiveSpeaker, point: EmotionPoint): void {
    this.#watches.get(call.recordId)?.watch.take(speaker.id, point);
  }

  speakerForgotten(call: LiveCall, { speaker }: LiveSpeaker): void {
    for (const { alert } of [...this.#alerts.values()]) {
      const hadPart = alert.speakerId === null || alert.speakerId === speaker.id;
      if (alert.recordId === call.recordId && hadPart) this.#remove(alert);
    }
    this.#watches.get(call.recordId)?.watch.remove(speaker.id);
  }

  acknowledge(alert: Alert): Alert {
    return this.#put({ ...alert, acknowledgedAtMs: alert.acknowledgedAtMs ?? this.#clock() });
  }

  snooze(alert: Alert, forMs: number): Alert {
    return this.#put({ ...alert, snoozedUntilMs: this.#clock() + forMs });
  }

  /** null if the alert has as many notes as it may. */
  note(alert: Alert, text: string): Alert | null {
    if (alert.notes.length >= maxNotes) return null;
    return this.#put({ ...alert, notes: [...alert.notes, { atMs: this.#clock(), text }] });
  }

  #watchOf(call: LiveCall): CallWatch {
    const known = this.#watches.get(call.recordId);
    if (known) return known.watch;
    const watch = new CallWatch(this.#rules, (rule, speakerId, finding) =>
      this.#found(call, rule, speakerId, finding),
    );
    this.#watches.set(call.recordId, { call, watch });
    for (const { speaker } of call.present) watch.put(speaker);
    return watch;
  }

  #found(call: LiveCall, rule: AlertRule, speakerId: string | null, finding: Finding): void {
    const key = keyOf({ recordId: call.recordId, ruleId: rule.id, speakerId });
    if (finding.what === 'fired') {
      this.#fire(key, call, rule, speakerId, finding);
      return;
    }
    const alert = this.find(this.#lasting.get(key) ?? '');
    if (alert) this.#end(key, alert, finding.untilMs ?? finding.atMs);
  }

  #fire(key: string, call: LiveCall, rule: AlertRule, speakerId: string | null, finding: Finding): void {
    const alert: Alert = {
      alertId: randomUUID(),
      ruleId: rule.id,
      ruleName: rule.name,
      severity: rule.severity,
      condition: rule.condition,
      recordId: call.recordId,
      callId: call.id,
      speakerId,
      firedAtMs: finding.atMs,
      fromMs: finding.fromMs,
      untilMs: null,
      acknowledgedAtMs: null,
      snoozedUntilMs: this.#snoozedUntilMs(key),
      notes: [],
    };
    this.counts.fired++;
    this.#lasting.set(key, alert.alertId);
    this.#put(alert);
    this.#outlet.alertFired(alert);
  }

  #end(key: string, alert: Alert, untilMs: number): void {
    this.counts.ended++;
    this.#lasting.delete(key);
    this.#outlet.alertEnded(this.#put({ ...alert, untilMs }));
  }

  /** Who snoozed an alert does not want the same again at once under another number. */
  #snoozedUntilMs(key: string): number | null {
    const now = this.#clock();
    for (const { alert } of this.#alerts.values()) {
      if (keyOf(alert) === key && alert.snoozedUntilMs !== null && alert.snoozedUntilMs > now)
        return alert.snoozedUntilMs;
    }
    return null;
  }

  #put(alert: Alert): Alert {
    this.#alerts.set(alert.alertId, { alert, version: ++this.version });
    this.#outlet.alertChanged(alert);
    this.#displace();
    return alert;
  }

  #remove(alert: Alert): void {
    this.counts.removed++;
    this.#alerts.delete(alert.alertId);
    this.#lasting.delete(keyOf(alert));
    this.#removed.push({ alertId: alert.alertId, version: ++this.version });
    this.#removed = this.#removed.slice(-maxAlerts);
    this.#outlet.alertRemoved(alert.alertId);
  }

  /** Makes room: the oldest that is done with goes first, then the oldest. */
  #displace(): void {
    if (this.#alerts.size <= maxAlerts) return;
    const all = [...this.#alerts.values()].map(({ alert }) => alert);
    const oldest = all.find(({ acknowledgedAtMs, untilMs }) => acknowledgedAtMs !== null && untilMs !== null);
    const displaced = oldest ?? all[0];
    this.#alerts.delete(displaced.alertId);
    const key = keyOf(displaced);
    if (this.#lasting.get(key) === displaced.alertId) this.#lasting.delete(key);
    this.counts.displaced++;
  }
}

const keyOf = ({ recordId, ruleId, speakerId }: Pick<Alert, 'recordId' | 'ruleId' | 'speakerId'>): string =>
  `${recordId}/${ruleId}/${speakerId ?? ''}`;
