import type { AnalysisMessage, EmotionPoint, Speaker } from '@undertone/wire';
import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox.ts';

const silence = (atMs: number): EmotionPoint => ({
  atMs,
  state: 'silence',
  probabilities: null,
  valence: null,
  arousal: null,
  confidence: 0,
});
const points = (...times: number[]): AnalysisMessage => ({
  type: 'points',
  callId: 'c',
  speakerId: 's',
  points: times.map(silence),
});
const left = (speakerId: string): AnalysisMessage => ({ type: 'speaker-left', callId: 'c', speakerId });
const speaker = { callId: 'c', id: 'a' } as Speaker;

function drain(outbox: Outbox): AnalysisMessage[] {
  const messages: AnalysisMessage[] = [];
  for (let next = outbox.take(); next; next = outbox.take()) messages.push(next);
  return messages;
}

describe('Outbox', () => {
  it('keeps points in order, then who left', () => {
    const outbox = new Outbox(10);
    for (const message of [points(1), left('a'), points(2), left('b')]) outbox.put(message);
    expect(outbox.length).toBe(2);
    expect(drain(outbox)).toEqual([points(1), points(2), left('a'), left('b')]);
    expect(outbox.length).toBe(0);
  });

  it('lets the oldest points give way when full, and counts them', () => {
    const outbox = new Outbox(3);
    for (const message of [points(1, 2), points(3), points(4), points(5), points(6, 7)]) outbox.put(message);
    expect(outbox.droppedPoints).toBe(3);
    expect(outbox.droppedMessages).toBe(2);
    expect(drain(outbox)).toEqual([points(4), points(5), points(6, 7)]);
  });

  it('stays in order through many puts and takes', () => {
    const outbox = new Outbox(1_000);
    const taken: AnalysisMessage[] = [];
    for (let i = 0; i < 500; i++) {
      outbox.put(points(i));
      if (i % 3 > 0) taken.push(outbox.take() as AnalysisMessage);
    }
    const all = [...taken, ...drain(outbox)].map((m) => (m.type === 'points' ? m.points[0].atMs : -1));
    expect(all).toEqual(Array.from({ length: 500 }, (_, i) => i));
  });

  it('forgets that someone left who is back', () => {
    const outbox = new Outbox(10);
    outbox.put(left('a'));
    outbox.put({ type: 'speaker-joined', speaker });
    expect(drain(outbox)).toEqual([]);
  });

  it('keeps no points of someone who withdrew consent', () => {
    const outbox = new Outbox(10);
    outbox.put(points(1));
    outbox.put({ ...points(2), speakerId: 'a' } as AnalysisMessage);
    outbox.take();
    outbox.put(points(3));
    const withdrawn = { ...speaker, decision: { analysed: false, reason: 'withdrawn' } } as Speaker;
    outbox.put({ type: 'speaker-updated', speaker: withdrawn });
    expect(drain(outbox)).toEqual([points(3)]);
  });

  it('keeps a bounded number of those who left', () => {
    const outbox = new Outbox(2);
    for (const id of ['a', 'b', 'c']) outbox.put(left(id));
    expect(outbox.droppedMessages).toBe(1);
    expect(drain(outbox)).toEqual([left('b'), left('c')]);
  });
});
