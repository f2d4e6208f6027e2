import { type CallRecord, type EmotionPoint, expressions } from '@undertone/wire';
import { csvRow } from './csv-row.ts';
import type { HistoryStore } from './history-store.ts';

/** Points in memory at once. */
const pageSize = 2_000;

/** The points of every speaker of a call as a file, piece by piece. @param stepMs averages over steps of this length */
export class CallExport {
  readonly #store: HistoryStore;
  readonly #record: CallRecord;
  readonly #stepMs: number | undefined;

  constructor(store: HistoryStore, record: CallRecord, stepMs: number | undefined) {
    this.#store = store;
    this.#record = record;
    this.#stepMs = stepMs;
  }

  /** A line for each point, speakers one after the other. Times also as ISO 8601 in UTC. */
  async *csv(): AsyncGenerator<string> {
    const { recordId, callId, speakers } = this.#record;
    yield csvRow([
      ...['record_id', 'call_id', 'speaker_id', 'speaker', 'role', 'at_ms', 'at', 'state', 'expression'],
      ...['confidence', 'valence', 'arousal', 'valence_change', 'arousal_change', ...expressions],
    ]);
    for (const { speaker } of speakers) {
      const whose = [recordId, callId, speaker.id, speaker.name, speaker.role];
      for await (const points of this.#pages(speaker.id))
        yield points.map((point) => csvRow([...whose, ...cellsOf(point)])).join('');
    }
  }

  async *json(): AsyncGenerator<string> {
    const { speakers } = this.#record;
    yield `{"call":${JSON.stringify(this.#record)},"speakers":[`;
    for (const [i, { speaker }] of speakers.entries()) {
      yield `${i > 0 ? ',' : ''}{"speakerId":${JSON.stringify(speaker.id)},"points":[`;
      let first = true;
      for await (const points of this.#pages(speaker.id)) {
        yield `${first ? '' : ','}${points.map((point) => JSON.stringify(point)).join(',')}`;
        first = false;
      }
      yield ']}';
    }
    yield ']}';
  }

  async *#pages(speakerId: string): AsyncGenerator<EmotionPoint[]> {
    let afterMs: number | undefined;
    do {
      const page = await this.#store.points({
        recordId: this.#record.recordId,
        speakerId,
        afterMs,
        stepMs: this.#stepMs,
        limit: pageSize,
      });
      if (page.points.length > 0) yield page.points;
      afterMs = page.next ?? undefined;
    } while (afterMs !== undefined);
  }
}

function cellsOf(point: EmotionPoint): (string | number | null)[] {
  const { probabilities } = point;
  const likeliest = probabilities ? expressions[probabilities.indexOf(Math.max(...probabilities))] : null;
  return [
    point.atMs,
    new Date(point.atMs).toISOString(),
    point.state,
    likeliest,
    point.confidence,
    point.valence,
    point.arousal,
    point.change?.valence ?? null,
    point.change?.arousal ?? null,
    ...expressions.map((_, k) => probabilities?.[k] ?? null),
  ];
}
