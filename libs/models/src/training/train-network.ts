import * as tf from '@tensorflow/tfjs-core';
import { fitTemperature, negativeLogLikelihood } from '../evaluation/temperature.ts';
import type { FeatureSpec } from '../features/feature-spec.ts';
import { stepFeatureCount } from '../features/feature-spec.ts';
import { emotionLabels, outputCount } from '../model/emotion-label.ts';
import { SeededRandom } from '../seeded-random.ts';
import { AdamW } from './adam-w.ts';
import { BatchBuilder } from './batch-builder.ts';
import { GruAttentionNetwork } from './gru-attention-network.ts';
import { emotionLoss } from './loss.ts';
import type { TrainingClip } from './training-clip.ts';
import type { TrainingConfig } from './training-config.ts';

const C = emotionLabels.length;
const lastRateShare = 1 / 50;

/** One line of the learning curve. */
export interface EpochReport {
  epoch: number;
  trainingLoss: number;
  /** Mean over the moments judged, not only the end of each clip: the model must be right while someone speaks. */
  validationUar: number;
  validationLoss: number;
  seconds: number;
}

export interface TrainedNetwork {
  tensors: Map<string, Float32Array>;
  temperature: number;
  curve: EpochReport[];
  bestEpoch: number;
}

/**
 * Trains on `training`, keeps the weights of the epoch that does best on `validation`, and fits the temperature there.
 * @param onEpoch called after every epoch
 */
export async function trainNetwork(
  config: TrainingConfig,
  spec: FeatureSpec,
  training: readonly TrainingClip[],
  validation: readonly TrainingClip[],
  onEpoch: (report: EpochReport) => void,
): Promise<TrainedNetwork> {
  const network = new GruAttentionNetwork(config.architecture, stepFeatureCount(spec), config.seed);
  const builder = new BatchBuilder(spec, training);
  const optimizer = new AdamW(config);
  const random = new SeededRandom(config.seed);
  const weights = new Map<string, Float32Array>();
  for (const [name, variable] of network.variables)
    weights.set(name, (await variable.data()) as Float32Array);
  const average = copied(weights);
  const updatesPerEpoch = Math.ceil(training.length / config.batchClips);
  const curve: EpochReport[] = [];
  let best = { epoch: 0, score: Number.NEGATIVE_INFINITY, tensors: average };
  let update = 0;
  for (let epoch = 1; epoch <= config.epochs && epoch - best.epoch <= config.patience; epoch++) {
    const startedMs = performance.now();
    let lossSum = 0;
    const batches = builder.epoch(
      training,
      config.batchClips,
      config.momentsPerClip,
      config.augmentation,
      random,
    );
    for (const batch of batches) {
      update++;
      const { value, grads } = tf.tidy(() =>
        tf.variableGrads(() => {
          const raw = network.forward(batch, { share: config.dropout, random });
          return emotionLoss(raw, batch, {
            labelSmoothing: config.labelSmoothing,
            dimensions: config.dimensionsWeight,
          });
        }),
      );
      lossSum += value.dataSync()[0];
      const gradients = new Map<string, Float32Array>();
      for (const [name, variable] of network.variables) {
        gradients.set(name, grads[variable.name].dataSync() as Float32Array);
      }
      tf.dispose([value, ...Object.values(grads)]);
      optimizer.update(weights, gradients, learningRate(config, update / updatesPerEpoch));
      network.load(weights);
      // Early on the average is young: it must not be held back by the initial weights.
      const keep = Math.min(config.averageDecay, update / (update + 10));
      for (const [name, mean] of average) {
        const now = weights.get(name)!;
        for (let i = 0; i < mean.length; i++) mean[i] = now[i] + keep * (mean[i] - now[i]);
      }
    }
    network.load(average);
    const { logits, labels, uar } = judge(network, builder, validation, config);
    network.load(weights);
    const report: EpochReport = {
      epoch,
      trainingLoss: lossSum / updatesPerEpoch,
      validationUar: uar,
      validationLoss: negativeLogLikelihood(logits, labels, fitTemperature(logits, labels)),
      seconds: (performance.now() - startedMs) / 1_000,
    };
    curve.push(report);
    onEpoch(report);
    // The likelihood separates epochs that the few validation clips can't.
    const score = uar - 0.1 * report.validationLoss;
    if (score > best.score) best = { epoch, score, tensors: copied(average) };
  }
  network.load(best.tensors);
  const { logits, labels } = judge(network, builder, validation, config);
  network.dispose();
  return { tensors: best.tensors, temperature: fitTemperature(logits, labels), curve, bestEpoch: best.epoch };
}

const copied = (tensors: ReadonlyMap<string, Float32Array>) =>
  new Map(Array.from(tensors, ([name, values]) => [name, values.slice()]));

/** Linear warm-up, then half a cosine. `epoch` is fractional. */
function learningRate({ learningRate: peak, warmUpEpochs, epochs }: TrainingConfig, epoch: number): number {
  if (epoch <= warmUpEpochs) return (peak * epoch) / warmUpEpochs;
  const progress = (epoch - warmUpEpochs) / (epochs - warmUpEpochs);
  return peak * (lastRateShare + ((1 - lastRateShare) * (1 + Math.cos(Math.PI * progress))) / 2);
}

/** The network's logits [clips · moments, C] on clips as they are, and their unweighted average recall. */
function judge(
  network: GruAttentionNetwork,
  builder: BatchBuilder,
  clips: readonly TrainingClip[],
  { batchClips, momentsPerClip: Q }: TrainingConfig,
): { logits: Float32Array; labels: Int32Array; uar: number } {
  const logits = new Float32Array(clips.length * Q * C);
  const labels = new Int32Array(clips.length * Q);
  const found = new Float64Array(C);
  const total = new Float64Array(C);
  let row = 0;
  for (const batch of builder.plain(clips, batchClips, Q)) {
    const tensor = tf.tidy(() => network.forward(batch, null));
    const raw = tensor.dataSync();
    tensor.dispose();
    for (let b = 0; b < batch.clips; b++) {
      for (let q = 0; q < Q; q++, row++) {
        const own = raw.subarray((b * Q + q) * outputCount, (b * Q + q) * outputCount + C);
        logits.set(own, row * C);
        labels[row] = batch.labels[b];
        total[labels[row]]++;
        if (own.indexOf(Math.max(...own)) === labels[row]) found[labels[row]]++;
      }
    }
  }
  const recalls = Array.from(found, (hits, c) => hits / total[c]).filter((_, c) => total[c] > 0);
  return { logits, labels, uar: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length };
}
