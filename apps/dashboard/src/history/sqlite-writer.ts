import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { HistoryBatch, HistoryChange, PurgeReport } from './history-store.ts';
import { nobody, packedValue, valuesPerPoint } from './point-columns.ts';
import type { SqliteAlerts } from './sqlite-alerts.ts';
import { inTransaction } from './transaction.ts';

/** Free pages given back to the file system in one go: 8 MB. */
const vacuumPages = 2_000;

/** All that changes the history in SQLite. Synchronous: it lives in a thread of its own. */
export class SqliteWriter {
  readonly #database: DatabaseSync;
  readonly #alerts: SqliteAlerts;
  readonly #putCall: StatementSync;
  readonly #putSpeaker: StatementSync;
  readonly #putPoint: StatementSync;
  readonly #speakerKey: StatementSync;
  readonly #forgetPoints: StatementSync;

  constructor(database: DatabaseSync, alerts: SqliteAlerts) {
    this.#database = database;
    this.#alerts = alerts;
    this.#putCall = database.prepare(
      `INSERT INTO calls (record_id, call_id, started_at_ms, ended_at_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (record_id) DO UPDATE SET started_at_ms = excluded.started_at_ms, ended_at_ms = excluded.ended_at_ms`,
    );
    this.#putSpeaker = database.prepare(
      `INSERT INTO speakers
         (call_key, speaker_id, name, role, consent, muted, analysed, reason, joined_at_ms, left_at_ms)
       SELECT call_key, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM calls WHERE record_id = ?1
       ON CONFLICT (call_key, speaker_id) DO UPDATE SET
         name = excluded.name, role = excluded.role, consent = excluded.consent, muted = excluded.muted,
         analysed = excluded.analysed, reason = excluded.reason, joined_at_ms = excluded.joined_at_ms,
         left_at_ms = excluded.left_at_ms`,
    );
    // A batch that is written again after a failure, or after a restart, repeats points.
    this.#putPoint = database.prepare(
      `INSERT OR IGNORE INTO points VALUES (?, ?${', ?'.repeat(valuesPerPoint)})`,
    );
    this.#speakerKey = database.prepare(
      `SELECT speaker_key FROM speakers JOIN calls USING (call_key) WHERE record_id = ? AND speaker_id = ?`,
    );
    this.#forgetPoints = database.prepare('DELETE FROM points WHERE speaker_key = ?');
  }

  /** Writes a batch in one transaction. */
  write(batch: HistoryBatch): void {
    inTransaction(this.#database, () => {
      for (const change of batch.changes) this.#apply(change);
      this.#addPoints(batch);
    });
    // What was forgotten must not live on in the write-ahead log.
    if (batch.changes.some(({ change }) => change === 'forget-speaker')) this.#emptyLog();
  }

  /** See `HistoryStore.purge`. */
  purge(endedBeforeMs: number, maxPoints: number): PurgeReport {
    const report = inTransaction(this.#database, () => this.#purge(endedBeforeMs, maxPoints));
    if (report.calls > 0 || report.points > 0) {
      this.#database.exec(`PRAGMA incremental_vacuum(${vacuumPages})`);
      this.#emptyLog();
    }
    return report;
  }

  /** Ends open calls in which nothing happened since `activeSinceMs`, at the moment when something last did. */
  endStaleCalls(activeSinceMs: number): void {
    this.#database
      .prepare(
        `UPDATE calls SET ended_at_ms = activity.last_at_ms FROM (
           SELECT call_key, max(
             started_at_ms,
             coalesce((SELECT max(max(joined_at_ms, coalesce(left_at_ms, joined_at_ms))) FROM speakers
               WHERE speakers.call_key = open.call_key), 0),
             coalesce((SELECT max((SELECT max(at_ms) FROM points WHERE points.speaker_key = speakers.speaker_key))
               FROM speakers WHERE speakers.call_key = open.call_key), 0)
           ) AS last_at_ms FROM calls AS open WHERE ended_at_ms IS NULL
         ) AS activity
         WHERE calls.call_key = activity.call_key AND activity.last_at_ms < ?`,
      )
      .run(activeSinceMs);
  }

  #apply(change: HistoryChange): void {
    switch (change.change) {
      case 'call': {
        const { recordId, callId, startedAtMs, endedAtMs } = change;
        this.#putCall.run(recordId, callId, startedAtMs, endedAtMs);
        return;
      }
      case 'speaker': {
        const { speaker, recordId, leftAtMs } = change;
        const { analysed, reason } = speaker.decision;
        this.#putSpeaker.run(
          recordId,
          speaker.id,
          speaker.name,
          speaker.role,
          speaker.consent,
          Number(speaker.muted),
          Number(analysed),
          reason,
          speaker.joinedAtMs,
          leftAtMs,
        );
        return;
      }
      case 'forget-speaker': {
        const key = this.#keyOf(change.recordId, change.speakerId);
        if (key !== null) this.#forgetPoints.run(key);
        this.#alerts.forget(change.recordId, change.speakerId);
        return;
      }
      case 'alert':
        this.#alerts.put(change.alert);
        return;
      case 'delivery':
        this.#alerts.putDelivery(change.delivery);
        return;
      case 'delivery-done':
        this.#alerts.removeDelivery(change.deliveryId);
    }
  }

  #addPoints({ owners, points }: HistoryBatch): void {
    const keys = owners.map(({ recordId, speakerId }) => this.#keyOf(recordId, speakerId));
    const row: (number | null)[] = new Array(valuesPerPoint + 2);
    for (let i = 0; i < points.length; i++) {
      const owner = points.owner[i];
      const key = owner === nobody ? null : keys[owner];
      if (key === null) continue;
      row[0] = key;
      row[1] = points.atMs[i];
      for (let column = 0; column < valuesPerPoint; column++)
        row[2 + column] = packedValue(points, i, column);
      this.#putPoint.run(...row);
    }
  }

  #keyOf(recordId: string, speakerId: string): number | null {
    const row = this.#speakerKey.get(recordId, speakerId) as { speaker_key: number } | undefined;
    return row?.speaker_key ?? null;
  }

  #purge(endedBeforeMs: number, maxPoints: number): PurgeReport {
    const report = { calls: 0, points: 0, done: true };
    const oldest = this.#database.prepare(
      `SELECT call_key FROM calls WHERE ended_at_ms < ? ORDER BY ended_at_ms LIMIT 1`,
    );
    const someOfItsPoints = this.#database.prepare(
      `DELETE FROM points WHERE (speaker_key, at_ms) IN (
         SELECT points.speaker_key, at_ms FROM points JOIN speakers USING (speaker_key) WHERE call_key = ? LIMIT ?)`,
    );
    const removeCall = this.#database.prepare('DELETE FROM calls WHERE call_key = ?');
    for (;;) {
      const call = oldest.get(endedBeforeMs) as { call_key: number } | undefined;
      if (call === undefined) return report;
      const room = maxPoints - report.points;
      const removed = Number(someOfItsPoints.run(call.call_key, room).changes);
      report.points += removed;
      if (removed === room) return { ...report, done: false };
      removeCall.run(call.call_key);
      report.calls++;
    }
  }

  #emptyLog(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }
}
