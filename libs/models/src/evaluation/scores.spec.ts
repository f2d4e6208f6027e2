import { describe, expect, it } from 'vitest';
import { estimateScores } from './bootstrap.ts';
import type { JudgedClip } from './judged-clip.ts';
import { scoresOf } from './scores.ts';

let clips = 0;
const clip = (label: number, ...probabilities: number[]): JudgedClip => ({
  file: `${clips++}.wav`,
  speaker: `s${label}`,
  dataset: 'own',
  gender: 'unknown',
  seconds: 1,
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
    expect(scores.precision).toEqual([2 / 3, 1]);
  });

  it('weigh F1 by the clips of each class', () => {
    // Class 0: precision 3/4, recall 1; class 1: precision 0, recall 0.
    const scores = scoresOf([clip(0, 1, 0), clip(0, 1, 0), clip(0, 1, 0), clip(1, 1, 0)], 2);
    expect(scores.weightedF1).toBeCloseTo((3 / 4) * (6 / 7));
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
  const clips: JudgedClip[] = Array.from({ length: 80 }, (_, i) => ({
    ...clip(i % 2),
    speaker: `s${i % 8}`,
    probabilities: Float32Array.of(i % 5 === 0 ? 0 : 1 - (i % 2), i % 5 === 0 ? 0.5 : i % 2),
  }));

  it('contain the value measured and are the same every time', () => {
    const { uar } = estimateScores(clips, 2);
    expect(uar.low).toBeLessThan(uar.value);
    expect(uar.high).toBeGreaterThan(uar.value);
    expect(estimateScores(clips, 2).uar).toEqual(uar);
  });

  it('do not narrow when every clip is judged three times', () => {
    const once = estimateScores(clips, 2).accuracy;
    const thrice = estimateScores([...clips, ...clips, ...clips], 2).accuracy;
    expect(thrice.high - thrice.low).toBeCloseTo(once.high - once.low, 1);
    expect(thrice.value).toBeCloseTo(once.value);
  });

  it('draw only clips of one or two speakers', () => {
    // One speaker always right, one always wrong: drawing speakers would reach from 0 to 1.
    const two = clips.map((judged, i) => ({
      ...judged,
      speaker: `s${i % 2}`,
      probabilities: i % 2 === 0 ? Float32Array.of(1, 0) : null,
    }));
    expect(estimateScores(two, 2).accuracy).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
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
