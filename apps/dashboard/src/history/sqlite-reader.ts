import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import {
  type CallRecord,
  type CallRecordPage,
  type CallReport,
  expressions,
  type PointPage,
  pointStates,
} from '@undertone/wire';
import type { CallQuery, PointQuery, RecentCall } from './history-store.ts';
import { cursorOf, parseCursor } from './page-cursor.ts';
import { pointOf } from './point-columns.ts';
import { SpeakerTally, turnTaking } from './speaker-tally.ts';

interface CallRow {
  call_key: number;
  record_id: string;
  call_id: string;
  started_at_ms: number;
  ended_at_ms: number | null;
}

const judgements = [...expressions, 'valence', 'arousal', 'confidence', 'valence_change', 'arousal_change'];
/** Of each step the mean of every column over the points that are judged, and how many points have which state. */
const means = judgements.map((column) =>
  column === 'confidence' ? 'avg(confidence) FILTER (WHERE neutral IS NOT NULL)' : `avg(${column})`,
);
const counts = pointStates.map((_, state) => `sum(state = ${state})`);

/** Points in memory at once while a call is summed up. */
const pointsAtOnce = 10_000;

/** All that asks the history in SQLite. Synchronous: it lives in a thread of its own. */
export class SqliteReader {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** See `HistoryStore.calls`. @throws HistoryError `cursor-malformed` */
  calls(query: CallQuery): CallRecordPage {
    const conditions: string[] = [];
    const values: SQLInputValue[] = [];
    const where = (condition: string, ...bound: SQLInputValue[]): void => {
      conditions.push(condition);
      values.push(...bound);
    };
    if (query.callId !== undefined) where('call_id = ?', query.callId);
    if (query.startedFromMs !== undefined) where('started_at_ms >= ?', query.startedFromMs);
    if (query.startedBeforeMs !== undefined) where('started_at_ms < ?', query.startedBeforeMs);
    if (query.cursor !== undefined)
      where('(started_at_ms, record_id) < (?, ?)', ...parseCursor(query.cursor));
    if (query.text !== undefined) {
      const pattern = `%${query.text.replaceAll(/[\\%_]/g, '\\$&')}%`;
      where(
        `(call_id LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM speakers
           WHERE speakers.call_key = calls.call_key AND name LIKE ? ESCAPE '\\'))`,
        pattern,
        pattern,
      );
    }
    const rows = this.#database
      .prepare(
        `SELECT * FROM calls ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
         ORDER BY started_at_ms DESC, record_id DESC LIMIT ?`,
      )
      .all(...values, query.limit + 1) as unknown as CallRow[];
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      calls: page.map((row) => this.#record(row)),
      next: last && rows.length > query.limit ? cursorOf(last.started_at_ms, last.record_id) : null,
    };
  }

  call(recordId: string): CallRecord | null {
    const row = this.#database.prepare('SELECT * FROM calls WHERE record_id = ?').get(recordId);
    return row === undefined ? null : this.#record(row as unknown as CallRow);
  }

  /** See `HistoryStore.points`. */
  points({ recordId, speakerId, afterMs, untilMs, stepMs, limit }: PointQuery): PointPage {
    const from = `FROM points JOIN speakers USING (speaker_key) JOIN calls USING (call_key)
      WHERE record_id = ? AND speaker_id = ? AND at_ms > ? AND at_ms <= ?`;
    const sql =
      stepMs === undefined
        ? `SELECT at_ms, state, ${judgements.join(', ')} ${from} ORDER BY at_ms LIMIT ?`
        : `SELECT max(at_ms), ${counts.join(', ')}, ${means.join(', ')} ${from}
           GROUP BY CAST(at_ms / ${Number(stepMs)} AS INTEGER) ORDER BY 1 LIMIT ?`;
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    const rows = statement.all(
      recordId,
      speakerId,
      afterMs ?? Number.MIN_SAFE_INTEGER,
      untilMs ?? Number.MAX_SAFE_INTEGER,
      limit + 1,
    ) as unknown as (number | null)[][];
    const points = rows
      .slice(0, limit)
      .map((row) => pointOf(row[0] ?? 0, stepMs === undefined ? row.slice(1) : meanOf(row)));
    return { points, next: rows.length > limit ? (points.at(-1)?.atMs ?? null) : null };
  }

  /** See `HistoryStore.report`. */
  report(recordId: string): CallReport | null {
    const record = this.call(recordId);
    if (record === null) return null;
    const tallies = record.speakers
      .filter(({ speaker }) => speaker.decision.analysed)
      .map(({ speaker }) => ({ speakerId: speaker.id, tally: this.#tally(recordId, speaker.id) }));
    const everyoneMs = tallies.reduce((sum, { tally }) => sum + tally.speechMs, 0);
    return {
      recordId,
      speakers: tallies.map(({ speakerId, tally }) => tally.report(speakerId, everyoneMs)),
      ...turnTaking(tallies.map(({ tally }) => tally)),
    };
  }

  /** Calls that are open, or ended at `endedSinceMs` or later, the most recently started first. */
  recentRecords(endedSinceMs: number): string[] {
    return this.#database
      .prepare(
        'SELECT record_id FROM calls WHERE ended_at_ms IS NULL OR ended_at_ms >= ? ORDER BY started_at_ms DESC',
      )
      .all(endedSinceMs)
      .map((row) => String(row.record_id));
  }

  /** See `HistoryStore.recentCall`. */
  recentCall(recordId: string, pointsSinceMs: number): RecentCall | null {
    const record = this.call(recordId);
    if (record === null) return null;
    const points = record.speakers.map(({ speaker }) => ({
      speakerId: speaker.id,
      points: this.points({
        recordId,
        speakerId: speaker.id,
        afterMs: pointsSinceMs,
        limit: Number.MAX_SAFE_INTEGER - 1,
      }).points,
    }));
    return { record, points };
  }

  /** Bytes of the file, without its log. */
  size(): number {
    const number = (pragma: string): number =>
      Number(Object.values(this.#database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
    return number('page_count') * number('page_size');
  }

  #tally(recordId: string, speakerId: string): SpeakerTally {
    const tally = new SpeakerTally();
    let afterMs: number | undefined;
    do {
      const page = this.points({ recordId, speakerId, afterMs, limit: pointsAtOnce });
      for (const point of page.points) tally.add(point);
      afterMs = page.next ?? undefined;
    } while (afterMs !== undefined);
    return tally;
  }

  #record(row: CallRow): CallRecord {
    return {
      recordId: row.record_id,
      callId: row.call_id,
      startedAtMs: row.started_at_ms,
      endedAtMs: row.ended_at_ms,
      speakers: this.#database
        .prepare('SELECT * FROM speakers WHERE call_key = ? ORDER BY joined_at_ms, speaker_key')
        .all(row.call_key)
        .map((speaker) => speakerOf(speaker, row.call_id)),
    };
  }
}

function speakerOf(row: Record<string, SQLOutputValue>, callId: string): CallRecord['speakers'][number] {
  // Written from a validated `Speaker`.
  const { role, consent } = row as unknown as CallRecord['speakers'][number]['speaker'];
  return {
    speaker: {
      callId,
      id: String(row.speaker_id),
      name: String(row.name),
      role,
      consent,
      muted: row.muted === 1,
      decision: { analysed: row.analysed === 1, reason: String(row.reason) },
      joinedAtMs: Number(row.joined_at_ms),
    },
    leftAtMs: row.left_at_ms === null ? null : Number(row.left_at_ms),
  };
}

/** The columns of a mean point: the state that most points of the step have, and no judgement if that is silence. */
function meanOf(row: (number | null)[]): (number | null)[] {
  const counted = row.slice(1, 1 + pointStates.length).map(Number);
  const state = counted.indexOf(Math.max(...counted));
  const silent = pointStates[state] === 'silence';
  const judged = row.slice(1 + pointStates.length).map((mean) => (mean === null ? null : Math.round(mean)));
  return [state, ...(silent ? judged.map(() => null) : judged)];
}
