import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './transaction.ts';

/**
 * The schema's steps, each applied once and never changed after it was released: `user_version` counts them.
 * Judgements are whole ten-thousandths, which is the precision of the wire; NULL is "no judgement".
 */
const steps: readonly string[] = [
  `CREATE TABLE calls (
     call_key INTEGER PRIMARY KEY,
     record_id TEXT NOT NULL UNIQUE,
     call_id TEXT NOT NULL,
     started_at_ms REAL NOT NULL,
     ended_at_ms REAL
   ) STRICT;
   CREATE INDEX calls_by_start ON calls (started_at_ms, record_id);
   CREATE INDEX calls_by_id ON calls (call_id, started_at_ms);
   CREATE INDEX calls_by_end ON calls (ended_at_ms);
   CREATE TABLE speakers (
     speaker_key INTEGER PRIMARY KEY,
     call_key INTEGER NOT NULL REFERENCES calls ON DELETE CASCADE,
     speaker_id TEXT NOT NULL,
     name TEXT NOT NULL,
     role TEXT NOT NULL,
     consent TEXT NOT NULL,
     muted INTEGER NOT NULL,
     analysed INTEGER NOT NULL,
     reason TEXT NOT NULL,
     joined_at_ms REAL NOT NULL,
     left_at_ms REAL,
     UNIQUE (call_key, speaker_id)
   ) STRICT;
   CREATE TABLE points (
     speaker_key INTEGER NOT NULL REFERENCES speakers ON DELETE CASCADE,
     at_ms REAL NOT NULL,
     state INTEGER NOT NULL,
     neutral INTEGER, calm INTEGER, happy INTEGER, sad INTEGER,
     angry INTEGER, fearful INTEGER, disgust INTEGER, surprised INTEGER,
     valence INTEGER,
     arousal INTEGER,
     confidence INTEGER NOT NULL,
     valence_change INTEGER,
     arousal_change INTEGER,
     PRIMARY KEY (speaker_key, at_ms)
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE alerts (
     alert_key INTEGER PRIMARY KEY,
     alert_id TEXT NOT NULL UNIQUE,
     call_key INTEGER NOT NULL REFERENCES calls ON DELETE CASCADE,
     speaker_id TEXT,
     fired_at_ms REAL NOT NULL,
     acknowledged INTEGER NOT NULL,
     body TEXT NOT NULL
   ) STRICT;
   CREATE INDEX alerts_by_time ON alerts (fired_at_ms, alert_id);
   CREATE INDEX alerts_by_call ON alerts (call_key);
   CREATE TABLE deliveries (
     delivery_id TEXT PRIMARY KEY,
     alert_id TEXT NOT NULL REFERENCES alerts (alert_id) ON DELETE CASCADE,
     created_at_ms REAL NOT NULL,
     dead INTEGER NOT NULL,
     body TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX deliveries_by_alert ON deliveries (alert_id);
   CREATE INDEX deliveries_by_time ON deliveries (dead, created_at_ms);`,
];

/**
 * Brings the schema up to date, each step in a transaction.
 * @throws Error if a newer Undertone made the file
 */
export function migrate(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (row.user_version > steps.length)
    throw new Error(
      `the file is of a newer Undertone (schema ${row.user_version}, this one knows ${steps.length})`,
    );
  for (let version = row.user_version; version < steps.length; version++) {
    inTransaction(database, () => {
      database.exec(steps[version]);
      database.exec(`PRAGMA user_version = ${version + 1}`);
    });
  }
}
