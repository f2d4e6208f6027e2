import type { EmotionModel } from '../model/emotion-model.ts';
import { varianceFloor } from '../network/attention-pooling.ts';
import type { StepBatch } from './emotion-engine.ts';
import { convolveStep } from './reference-convolutions.ts';
import { dense, gruStep, layerNorm, relu } from './reference-layers.ts';

/**
 * The model in plain loops and double precision: the definition that every engine is tested against. Slow.
 * Same contract as `EmotionEngine.step`.
 */
export function referenceForward(model: EmotionModel, batch: StepBatch): void {
  const F = model.stepFeatureCount;
  const S = model.stateSize;
  for (let speaker = 0; speaker < batch.speakers; speaker++) {
    const state = Float64Array.from(batch.state.subarray(speaker * S, (speaker + 1) * S));
    for (let step = 0; step < batch.steps; step++) {
      const row = step * batch.speakers + speaker;
      const output = stepSpeaker(model, batch.features.subarray(row * F, (row + 1) * F), state);
      batch.outputs.set(output, row * model.outputCount);
    }
    batch.state.set(state, speaker * S);
  }
}

/** One step of one speaker: `state` [S] is replaced, the output [C+2] returned. */
function stepSpeaker(model: EmotionModel, features: Float32Array, state: Float64Array): Float64Array {
  const { decays } = model.manifest.architecture;
  const { recurrentUnits: H, heads: K, summedUnits: W, maximumAt, weightAt, sumAt } = model.stateLayout;
  const tensor = (name: string) => model.tensor(name);
  const classes = model.labels.length;

  let hidden: Float32Array | Float64Array = front(model, features, state);
  for (const [i, { name }] of model.network.recurrences.entries()) {
    const next = gruStep(tensor, name, hidden, state.slice(i * H, (i + 1) * H));
    state.set(next, i * H);
    hidden = next;
  }

  const score = dense(
    dense(hidden, tensor('attention.kernel'), tensor('attention.bias')).map(Math.tanh),
    tensor('attention.score'),
    new Float32Array(K),
  );
  const pooled = new Float64Array(K * W);
  for (let k = 0; k < K; k++) {
    // Online softmax (Milakov & Gimelshein 2018) in which every earlier step's weight also decays.
    const decayed = state[maximumAt + k] + Math.log(decays[k]);
    const maximum = Math.max(decayed, score[k]);
    const kept = Math.exp(decayed - maximum);
    const gained = Math.exp(score[k] - maximum);
    state[maximumAt + k] = maximum;
    state[weightAt + k] = state[weightAt + k] * kept + gained;
    for (let i = 0; i < H; i++) {
      const at = sumAt + k * W + i;
      state[at] = state[at] * kept + gained * hidden[i];
      const mean = state[at] / state[weightAt + k];
      pooled[k * W + i] = mean;
      if (W === H) continue;
      const squares = at + H;
      state[squares] = state[squares] * kept + gained * hidden[i] ** 2;
      const variance = Math.max(0, state[squares] / state[weightAt + k] - mean ** 2);
      pooled[k * W + H + i] = Math.sqrt(variance + varianceFloor);
    }
  }

  const head = dense(pooled, tensor('head.kernel'), tensor('head.bias')).map(relu);
  const output = dense(head, tensor('output.kernel'), tensor('output.bias'));
  const largest = Math.max(...output.subarray(0, classes));
  let sum = 0;
  for (let i = 0; i < classes; i++) {
    output[i] = Math.exp((output[i] - largest) / model.manifest.temperature);
    sum += output[i];
  }
  for (let i = 0; i < classes; i++) output[i] /= sum;
  for (let i = classes; i < output.length; i++) output[i] = Math.tanh(output[i]);
  return output;
}

/** features [F] → what the recurrence sees [D]; what convolutions keep in `state` [S] is replaced */
function front(model: EmotionModel, features: Float32Array, state: Float64Array): Float64Array {
  const tensor = (name: string) => model.tensor(name);
  const { convolutions, architecture } = model.network;
  const seen =
    convolutions === null ? features : convolveStep(tensor, convolutions, features, state, model.stateLayout);
  const sum = dense(seen, tensor('front.kernel'), tensor('front.bias'));
  const normed =
    architecture.layerNorm === true
      ? layerNorm(sum, tensor('frontNorm.scale'), tensor('frontNorm.bias'))
      : sum;
  return normed.map(relu);
}
