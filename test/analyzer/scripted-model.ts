import { defaultMfccOptions } from '@undertone/dsp';
import type { EmotionEngine, FeatureSpec, StepBatch } from '@undertone/models';
import type { ServedModel } from '../../apps/analyzer/src/analyzer-parts.ts';

const coefficients = 20;
const framesPerStep = 4;
const stepFeatureCount = coefficients * framesPerStep;
const stateSize = 8;
const outputCount = 10;

const featureSpec: FeatureSpec = {
  rules: 1,
  mfcc: { ...defaultMfccOptions, sampleRateHz: 16_000, windowSamples: 400, hopSamples: 160, fftSize: 512 },
  framesPerStep,
  normalisation: {
    mean: Array(coefficients).fill(0),
    deviation: Array(coefficients).fill(10),
    priorFrames: 100,
    memoryFrames: 1_000,
  },
};

const file = { name: 'none', bytes: 1, sha256: '0'.repeat(64) };

/** A model whose outputs are a simple function of everything the speaker has said, so that mix-ups show. */
export const scriptedModel: ServedModel = {
  featureSpec,
  stepFeatureCount,
  stateSize,
  outputCount,
  stepMs: 40,
  precision: 'float32',
  initialState: () => new Float32Array(stateSize),
  manifest: { name: 'scripted', files: { weights: file, onnx: file, golden: file } },
};

/**
 * state[k] ← 0.9·state[k] + sum of every eighth feature from the k-th; posterior = softmax(state / 4); valence and
 * arousal = tanh of the first two. Each row depends on its own row only.
 */
export class ScriptedEngine implements EmotionEngine {
  readonly name = 'scripted';
  /** Speakers of every call. */
  readonly batches: number[] = [];
  /** The next calls fail. */
  failing = false;
  closed = false;
  #held: { begun: () => void; released: Promise<void> } | null = null;

  /** The next call does not end before `release`; `begun` tells when it was made. */
  hold(): { begun: Promise<void>; release: () => void } {
    const begun = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.#held = { begun: begun.resolve, released: released.promise };
    return { begun: begun.promise, release: released.resolve };
  }

  async step({ steps, speakers, features, state, outputs }: StepBatch): Promise<void> {
    if (this.closed) throw new Error('the engine is closed');
    this.batches.push(speakers);
    const held = this.#held;
    this.#held = null;
    held?.begun();
    await held?.released;
    if (this.failing) throw new Error('scripted failure');
    for (let row = 0; row < steps * speakers; row++) {
      const at = (row % speakers) * stateSize;
      const own = state.subarray(at, at + stateSize);
      const seen = features.subarray(row * stepFeatureCount, (row + 1) * stepFeatureCount);
      for (let k = 0; k < stateSize; k++) {
        let sum = 0;
        for (let i = k; i < stepFeatureCount; i += stateSize) sum += seen[i];
        own[k] = 0.9 * own[k] + sum;
      }
      const scores = Array.from(own, (value) => Math.exp(value / 4));
      const total = scores.reduce((a, b) => a + b);
      outputs.set(
        [...scores.map((score) => score / total), Math.tanh(own[0]), Math.tanh(own[1])],
        row * outputCount,
      );
    }
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
