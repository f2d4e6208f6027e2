import type { EmotionPoint } from '@undertone/wire';
import { expect, it } from 'vitest';
import { DriftMonitor } from '../../apps/analyzer/src/model/drift-monitor.ts';
import { SpeechHistory } from '../../apps/analyzer/src/session/speech-history.ts';
import { scriptedModel } from './scripted-model.ts';

const limits = { shiftDeviations: 1, stabilityIndex: 0.25 };
const even = Array<number>(8).fill(1 / 8);
const point = (probabilities: number[]): EmotionPoint => ({
  atMs: 0,
  state: 'speech',
  probabilities,
  valence: 0,
  arousal: 0,
  confidence: 1,
});
const window = { atMs: 0, afterSteps: 0, speechSteps: 5, concealedShare: 0 };

function heard(posteriorReference: number[] | undefined, probabilities: number[], points = 200) {
  const { manifest, ...model } = scriptedModel;
  const monitor = new DriftMonitor({ ...model, manifest: { ...manifest, posteriorReference } }, limits);
  for (let i = 0; i < points; i++) monitor.spoke(point(probabilities), window, new SpeechHistory());
  return monitor.read();
}

it('judges the distribution of expressions only against a reference', () => {
  const angry = [0.02, 0.02, 0.02, 0.02, 0.86, 0.02, 0.02, 0.02];
  expect(heard(undefined, angry)).toMatchObject({ drifting: false, stabilityIndex: null, points: 200 });
  expect(heard(even, angry).drifting).toBe(true);
  expect(heard(even, even)).toMatchObject({ drifting: false, stabilityIndex: 0 });
  // Σ (p − q) ln (p / q), once by hand.
  expect(heard(even, angry).stabilityIndex).toBeCloseTo(
    7 * (0.02 - 0.125) * Math.log(0.02 / 0.125) + (0.86 - 0.125) * Math.log(0.86 / 0.125),
    3,
  );
});

it('says nothing of drift before enough was heard', () => {
  expect(heard(even, [1, 0, 0, 0, 0, 0, 0, 0], 49)).toMatchObject({ drifting: false, stabilityIndex: null });
});
