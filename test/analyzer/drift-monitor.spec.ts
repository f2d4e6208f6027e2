import type { EmotionPoint } from '@undertone/wire';
import { describe, expect, it } from 'vitest';
import type { ServedModel } from '../../apps/analyzer/src/analyzer-parts.ts';
import { DriftMonitor } from '../../apps/analyzer/src/model/drift-monitor.ts';
import { SpeechHistory } from '../../apps/analyzer/src/session/speech-history.ts';
import { SeededRandom } from '../../libs/models/src/seeded-random.ts';
import { scriptedModel } from './scripted-model.ts';

const limits = { shiftDeviations: 1, stabilityIndex: 0.25 };
const point = (probabilities: number[]): EmotionPoint => ({
  atMs: 0,
  state: 'speech',
  probabilities,
  valence: 0,
  arousal: 0,
  confidence: 1,
});
const window = { atMs: 0, afterSteps: 0, speechSteps: 5, concealedShare: 0 };

/** Half of the probability on one of the first four expressions, 0.1 or 0.05 on the others. */
const half = (k: number) => Array.from({ length: 8 }, (_, i) => (i === k ? 0.5 : i < 4 ? 0.1 : 0.05));
const usual = {
  moments: 1_000,
  posterior: [0.2, 0.2, 0.2, 0.2, 0.05, 0.05, 0.05, 0.05],
  confidence: [0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
};

class Stream {
  readonly monitor: DriftMonitor;
  readonly #random = new SeededRandom(5);

  constructor(reference: ServedModel['manifest']['reference']) {
    const { manifest, ...model } = scriptedModel;
    this.monitor = new DriftMonitor({ ...model, manifest: { ...manifest, reference } }, limits);
  }

  /** Any of `expressions` again and again, as `point` has it. */
  speak(points: number, expressions: number[], posterior: (k: number) => number[] = half): this {
    for (let i = 0; i < points; i++) {
      const k = expressions[this.#random.integer(expressions.length)];
      this.monitor.spoke(point(posterior(k)), window, new SpeechHistory());
    }
    return this;
  }
}

describe('the drift monitor', () => {
  it('is silent while the expressions are those of the reference, in whatever order', () => {
    const drift = new Stream(usual).speak(2_000, [0, 1, 2, 3]).monitor.read();
    expect(drift.drifting).toBe(false);
    expect(drift.stabilityIndex).toBeLessThan(0.01);
    expect(drift.confidenceIndex).toBeCloseTo(0, 6);
    expect(drift.limits).toEqual(limits);
  });

  it('sees a floor turn to one expression, and turn back', () => {
    const stream = new Stream(usual).speak(2_000, [0, 1, 2, 3]).speak(6_000, [4]);
    const turned = stream.monitor.read();
    expect(turned.drifting).toBe(true);
    expect(turned.stabilityIndex).toBeGreaterThan(0.25);
    expect(stream.speak(12_000, [0, 1, 2, 3]).monitor.read().drifting).toBe(false);
  });

  it('sees a model grow surer than it was, though the expressions stay what they were', () => {
    const sure = (k: number) => Array.from({ length: 8 }, (_, i) => (i === k ? 0.72 : 0.04));
    const drift = new Stream(usual).speak(3_000, [0, 1, 2, 3], sure).monitor.read();
    expect(drift.stabilityIndex).toBeLessThan(0.1);
    expect(drift.confidenceIndex).toBeGreaterThan(0.25);
    expect(drift.drifting).toBe(true);
  });

  it('measures by Σ (p − q) · ln (p / q)', () => {
    const drift = new Stream(usual).speak(400, [4], () => half(4)).monitor.read();
    const by = half(4).map((p, i) => (p - usual.posterior[i]) * Math.log(p / usual.posterior[i]));
    expect(drift.stabilityIndex).toBeCloseTo(
      by.reduce((a, b) => a + b),
      3,
    );
  });

  it('says nothing without a reference, and nothing in the first minute of speech', () => {
    const angry = { drifting: false, stabilityIndex: null, confidenceIndex: null };
    expect(new Stream(undefined).speak(2_000, [4]).monitor.read()).toMatchObject({ ...angry, points: 2_000 });
    const stream = new Stream(usual).speak(299, [4]);
    expect(stream.monitor.read()).toMatchObject(angry);
    expect(stream.speak(1, [4]).monitor.read().drifting).toBe(true);
  });

  it('begins anew with another model', () => {
    const stream = new Stream(usual).speak(400, [4]);
    const { manifest, ...model } = scriptedModel;
    stream.monitor.follow({ ...model, manifest: { ...manifest, reference: usual } });
    expect(stream.monitor.read()).toMatchObject({ drifting: false, points: 0, stabilityIndex: null });
  });
});
