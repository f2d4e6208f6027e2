import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Alert, AlertPage, WebhookDelivery } from '@undertone/wire';
import type { AlertQuery } from './history-store.ts';
import { cursorOf, parseCursor } from './page-cursor.ts';

/** Alerts and their deliveries in SQLite: as they go over the wire, with columns for what is asked of them. */
export class SqliteAlerts {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  put(alert: Alert): void {
    this.#database
      .prepare(
        `INSERT INTO alerts (alert_id, call_key, speaker_id, fired_at_ms, acknowledged, body)
         SELECT ?2, call_key, ?3, ?4, ?5, ?6 FROM calls WHERE record_id = ?1
         ON CONFLICT (alert_id) DO UPDATE SET acknowledged = excluded.acknowledged, body = excluded.body`,
      )
      .run(
        alert.recordId,
        alert.alertId,
        alert.speakerId,
        alert.firedAtMs,
        Number(alert.acknowledgedAtMs !== null),
        JSON.stringify(alert),
      );
  }

  /** Removes the alerts of a voice, and those about the call as a whole, in which it had a part. */
  forget(recordId: string, speakerId: string): void {
    this.#database
      .prepare(
        `DELETE FROM alerts WHERE call_key = (SELECT call_key FROM calls WHERE record_id = ?)
         AND (speaker_id IS NULL OR speaker_id = ?)`,
      )
      .run(recordId, speakerId);
  }

  /** See `HistoryStore.alerts`. @throws HistoryError `cursor-malformed` */
  alerts({ recordId, open, limit, cursor }: AlertQuery): AlertPage {
    const conditions: string[] = ['TRUE'];
    const values: SQLInputValue[] = [];
    if (open) conditions.push('acknowledged = 0');
    if (recordId !== undefined) {
      conditions.push('call_key = (SELECT call_key FROM calls WHERE record_id = ?)');
      values.push(recordId);
    }
    if (cursor !== undefined) {
      conditions.push('(fired_at_ms, alert_id) < (?, ?)');
      values.push(...parseCursor(cursor));
    }
    const rows = this.#database
      .prepare(
        `SELECT body FROM alerts WHERE ${conditions.join(' AND ')}
         ORDER BY fired_at_ms DESC, alert_id DESC LIMIT ?`,
      )
      .all(...values, limit + 1);
    const alerts = rows.slice(0, limit).map(({ body }): Alert => JSON.parse(String(body)));
    const last = alerts.at(-1);
    return { alerts, next: last && rows.length > limit ? cursorOf(last.firedAtMs, last.alertId) : null };
  }

  alert(alertId: string): Alert | null {
    return this.#body('SELECT body FROM alerts WHERE alert_id = ?', alertId);
  }

  /** Nothing happens if the alert is gone by now. */
  putDelivery(delivery: WebhookDelivery): void {
    this.#database
      .prepare(
        `INSERT INTO deliveries (delivery_id, alert_id, created_at_ms, dead, body)
         SELECT ?1, alert_id, ?3, ?4, ?5 FROM alerts WHERE alert_id = ?2
         ON CONFLICT (delivery_id) DO UPDATE SET dead = excluded.dead, body = excluded.body`,
      )
      .run(
        delivery.deliveryId,
        delivery.alertId,
        delivery.createdAtMs,
        Number(delivery.nextAtMs === null),
        JSON.stringify(delivery),
      );
  }

  removeDelivery(deliveryId: string): void {
    this.#database.prepare('DELETE FROM deliveries WHERE delivery_id = ?').run(deliveryId);
  }

  deliveries(dead: boolean, limit: number): WebhookDelivery[] {
    return this.#database
      .prepare('SELECT body FROM deliveries WHERE dead = ? ORDER BY created_at_ms LIMIT ?')
      .all(Number(dead), limit)
      .map(({ body }) => JSON.parse(String(body)));
  }

  delivery(deliveryId: string): WebhookDelivery | null {
    return this.#body('SELECT body FROM deliveries WHERE delivery_id = ?', deliveryId);
  }

  #body<Value>(sql: string, id: string): Value | null {
    const row = this.#database.prepare(sql).get(id);
    return row === undefined ? null : JSON.parse(String(row.body));
  }
}
