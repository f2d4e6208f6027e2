import { describe, expect, it } from 'vitest';
import { SpeechHistory } from './speech-history.ts';

const ramp = (from: number, count: number) => Int16Array.from({ length: count }, (_, i) => from + i);
function newest(history: SpeechHistory, count: number): number[] {
  const samples: number[] = [];
  history.replay(count, (piece) => samples.push(...piece));
  return samples;
}

describe('SpeechHistory', () => {
  it('gives the newest samples back in order, also where they wrap', () => {
    const history = new SpeechHistory();
    for (let at = 0; at < 60_000; at += 700) {
      history.spoke();
      history.add(ramp(at % 30_000, 700));
    }
    expect(history.length).toBe(48_000);
    const last = 30_200;
    expect(newest(history, 5)).toEqual([5, 4, 3, 2, 1].map((before) => last - before));
    expect(newest(history, 100_000)).toHaveLength(48_000);
  });

  it('cuts long pauses short', () => {
    const history = new SpeechHistory();
    history.add(ramp(0, 1_000));
    history.spoke();
    for (let i = 0; i < 100; i++) history.add(new Int16Array(1_000));
    expect(history.length).toBe(1_000 + 8_000);
    history.spoke();
    history.add(ramp(5, 2));
    expect(newest(history, 3)).toEqual([0, 5, 6]);
  });
});
