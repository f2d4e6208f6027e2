import type { EmotionPoint, Speaker } from '@undertone/wire';
import { pino } from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import { LiveCall } from '../calls/live-call.ts';
import { LiveSpeaker } from '../calls/live-speaker.ts';
import { HistoryRecorder } from './history-recorder.ts';
import type { HistoryBatch, HistoryStore } from './history-store.ts';
import { nobody } from './point-columns.ts';

/** Keeps batches when the test lets it, or fails. */
class ScriptedStore {
  readonly written: HistoryBatch[] = [];
  failure: Error | null = null;
  #open: () => void = () => {};
  #gate: Promise<void> = Promise.resolve();

  get store(): HistoryStore {
    return this as unknown as HistoryStore;
  }

  async write(batch: HistoryBatch): Promise<void> {
    const copy = structuredClone(batch);
    await this.#gate;
    if (this.failure) throw this.failure;
    this.written.push(copy);
  }

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  release(): void {
    this.#open();
  }
}

let now: number;
let store: ScriptedStore;
let recorder: HistoryRecorder;

const person = (id: string): Speaker => ({
  callId: 'c',
  id,
  name: id,
  role: 'customer',
  consent: 'granted',
  muted: false,
  decision: { analysed: true, reason: 'customer, consent granted' },
  joinedAtMs: 1_000,
});
const call = new LiveCall('c', '00000000-0000-4000-8000-000000000001', 1_000, 0);
const limits = { maxPoints: 100, historyMs: 60_000 };
const ana = new LiveSpeaker(person('ana'), 1, limits);
const ben = new LiveSpeaker(person('ben'), 1, limits);
const point = (atMs: number): EmotionPoint => ({
  atMs,
  state: 'silence',
  probabilities: null,
  valence: null,
  arousal: null,
  confidence: 0,
});

beforeEach(() => {
  now = 1_000_000;
  store = new ScriptedStore();
  const settings = { maxPendingPoints: 5, maxPendingChanges: 3 };
  recorder = new HistoryRecorder(store.store, () => now, settings, pino({ level: 'silent' }));
});

const times = () => store.written.map(({ points }) => Array.from(points.atMs));

describe('the recorder', () => {
  test('writes one batch while it collects the next', async () => {
    store.hold();
    recorder.pointAdded(call, ana, point(1));
    recorder.flush();
    recorder.pointAdded(call, ben, point(2));
    recorder.flush();
    recorder.pointAdded(call, ana, point(3));
    expect(recorder.pendingPoints).toBe(3);
    store.release();
    await recorder.settled();
    expect(times()).toEqual([[1], [2, 3]]);
    expect(store.written[1].owners.map(({ speakerId }) => speakerId)).toEqual(['ben', 'ana']);
    expect(Array.from(store.written[1].points.owner)).toEqual([0, 1]);
    expect(recorder.counts).toMatchObject({ points: 3, batches: 2 });
    expect(recorder.pendingPoints).toBe(0);
  });

  test('writes nothing when there is nothing', async () => {
    recorder.flush();
    await recorder.settled();
    expect(store.written).toEqual([]);
  });

  test('tells changes in the order in which they came', async () => {
    recorder.callChanged(call);
    recorder.speakerChanged(call, ana);
    recorder.speakerForgotten(call, ana);
    await recorder.settled();
    expect(store.written[0].changes.map(({ change }) => change)).toEqual([
      'call',
      'speaker',
      'forget-speaker',
    ]);
  });

  test('drops and counts what is beyond its limits', async () => {
    for (let i = 0; i < 8; i++) recorder.pointAdded(call, ana, point(i));
    for (let i = 0; i < 5; i++) recorder.callChanged(call);
    await recorder.settled();
    expect(times()).toEqual([[0, 1, 2, 3, 4]]);
    expect(recorder.counts).toMatchObject({ 'dropped-point': 3, 'dropped-change': 2 });
  });

  test('tries a batch again after ever longer pauses, before anything newer, and says so meanwhile', async () => {
    store.failure = new Error('the disk is full');
    recorder.pointAdded(call, ana, point(1));
    await expect(recorder.settled()).rejects.toThrow('the disk is full');
    expect(recorder.failure).toBe('the disk is full');
    recorder.pointAdded(call, ana, point(2));
    // Twice already: `settled` does not wait for the pause. The next pause is four seconds.
    expect(recorder.counts['failed-batch']).toBe(1);
    now += 999;
    recorder.flush();
    expect(recorder.counts['failed-batch']).toBe(1);
    now += 1;
    recorder.flush();
    await Promise.resolve();
    await expect(recorder.settled()).rejects.toThrow();
    store.failure = null;
    now += 30_000;
    await recorder.settled();
    expect(times()).toEqual([[1], [2]]);
    expect(recorder.failure).toBeNull();
  });

  test('lets no point of a speaker out who was forgotten, not even from a batch that is tried again', async () => {
    store.failure = new Error('the disk is full');
    recorder.pointAdded(call, ana, point(1));
    recorder.pointAdded(call, ben, point(2));
    await expect(recorder.settled()).rejects.toThrow();
    recorder.pointAdded(call, ana, point(3));
    recorder.speakerForgotten(call, ana);
    store.failure = null;
    await recorder.settled();
    expect(store.written.map(({ points }) => Array.from(points.owner))).toEqual([[nobody, 1], [nobody]]);
    expect(store.written[1].changes).toEqual([
      { change: 'forget-speaker', recordId: call.recordId, speakerId: 'ana' },
    ]);
  });
});
