import { describe, expect, it } from 'vitest';
import { estimateScores } from './bootstrap.ts';
import type { JudgedClip } from './judged-clip.ts';
import { scoresOf } from './scores.ts';

const clip = (label: number, ...probabilities: number[]): JudgedClip => ({
  speaker: `s${label}`,
  label,
  probabilities: probabilities.length === 0 ? null : Float32Array.from(probabilities),
});

describe('scores', () => {
  it('weigh every class the same in UAR, every clip the same in accuracy', () => {
    const scores = scoresOf([clip(0, 0.9, 0.1), clip(0, 0.8, 0.2), clip(0, 0.7, 0.3), clip(1, 0.6, 0.4)], 2);
    expect(scores.uar).toBeCloseTo(0.5);
    expect(scores.accuracy).toBeCloseTo(0.75);
    expect(scores.recall).toEqual([1, 0]);
    expect(scores.confusion).toEqual([
      [3, 0, 0],
      [1, 0, 0],
    ]);
  });

  it('average F1 over the classes', () => {
    // Class 0: precision 2/3, recall 1; class 1: precision 1, recall 1/2.
    const scores = scoresOf([clip(0, 1, 0), clip(0, 1, 0), clip(1, 1, 0), clip(1, 0, 1)], 2);
    expect(scores.macroF1).toBeCloseTo((0.8 + 2 / 3) / 2);
  });

  it('leave out classes that the data does not have', () => {
    const scores = scoresOf([clip(0, 1, 0, 0), clip(1, 0, 0, 1)], 3);
    expect(scores.recall).toEqual([1, 0, null]);
    expect(scores.uar).toBeCloseTo(0.5);
  });

  it('count a clip without an answer as wrong', () => {
    const scores = scoresOf([clip(0), clip(0, 1, 0)], 2);
    expect(scores.accuracy).toBeCloseTo(0.5);
    expect(scores.confusion[0]).toEqual([1, 0, 1]);
  });

  it('measure calibration as the gap between confidence and success', () => {
    const sure = Array.from({ length: 10 }, (_, i) => clip(i < 8 ? 0 : 1, 0.9, 0.1));
    expect(scoresOf(sure, 2).ece).toBeCloseTo(0.1);
  });
});

describe('bootstrap intervals', () => {
  const clips = Array.from({ length: 80 }, (_, i) => ({
    speaker: `s${i % 8}`,
    label: i % 2,
    probabilities: Float32Array.of(i % 5 === 0 ? 0 : 1 - (i % 2), i % 5 === 0 ? 0.5 : i % 2),
  }));

  it('contain the value measured and are the same every time', () => {
    const { uar } = estimateScores(clips, 2);
    expect(uar.low).toBeLessThan(uar.value);
    expect(uar.high).toBeGreaterThan(uar.value);
    expect(estimateScores(clips, 2).uar).toEqual(uar);
  });

  it('are wider when the clips come from fewer speakers', () => {
    const hard = (speakers: number) =>
      estimateScores(
        clips.map((judged, i) => ({
          ...judged,
          speaker: `s${i % speakers}`,
          // Whole speakers are right or wrong.
          probabilities: (i % speakers) % 2 === 0 ? Float32Array.of(1 - judged.label, judged.label) : null,
        })),
        2,
      ).accuracy;
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    expect(width(hard(4))).toBeGreaterThan(width(hard(40)));
  });
});
