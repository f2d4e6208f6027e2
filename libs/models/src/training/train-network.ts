import type { CorpusLabel } from '../corpus/corpus-label.ts';
import { fitTemperature, negativeLogLikelihood } from '../evaluation/temperature.ts';
import type { FeatureSpec } from '../features/feature-spec.ts';
import { stepFeatureCount } from '../features/feature-spec.ts';
import { dimensionCount } from '../model/emotion-label.ts';
import { SeededRandom } from '../seeded-random.ts';
import { AdamW } from './adam-w.ts';
import { BatchBuilder } from './batch-builder.ts';
import { createNetworkGradients } from './create-network-gradients.ts';
import { initialWeights } from './initial-weights.ts';
import type { NetworkGradients, Weights } from './network-gradients.ts';
import type { TrainingBatch } from './training-batch.ts';
import type { TrainingClip } from './training-clip.ts';
import type { TrainingConfig } from './training-config.ts';

const lastRateShare = 1 / 50;

/** One line of the learning curve. */
export interface EpochReport {
  epoch: number;
  trainingLoss: number;
  /** Mean over the corpora and over the moments judged: the model must be right while someone speaks. */
  validationUar: number;
  /** By corpus: of the validation clips' last moments. */
  corpusUar: Record<string, number>;
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
 * @param onEpoch called after every epoch; says whether there shall be another
 */
export async function trainNetwork(
  config: TrainingConfig,
  spec: FeatureSpec,
  labels: readonly CorpusLabel[],
  training: readonly TrainingClip[],
  validation: readonly TrainingClip[],
  onEpoch: (report: EpochReport) => 'go on' | 'stop',
): Promise<TrainedNetwork> {
  const network = await createNetworkGradients(config, spec, labels.length);
  const builder = new BatchBuilder(spec, labels, training, config);
  const optimizer = new AdamW(config);
  const random = new SeededRandom(config.seed);
  const weights = initialWeights(config.architecture, stepFeatureCount(spec), labels.length, config.seed);
  const average = copied(weights);
  const updatesPerEpoch = builder.batchesPerEpoch(training);
  // They are the same after every epoch.
  const judged = [...builder.plain(validation)];
  const curve: EpochReport[] = [];
  let best = { epoch: 0, score: Number.NEGATIVE_INFINITY, tensors: average };
  let update = 0;
  let stopped = false;
  for (let epoch = 1; !stopped && epoch <= config.epochs && epoch - best.epoch <= config.patience; epoch++) {
    const startedMs = performance.now();
    let lossSum = 0;
    for (const batch of builder.epoch(training, random)) {
      update++;
      const { loss, gradients } = await network.gradients(weights, batch, { share: config.dropout, random });
      lossSum += loss;
      optimizer.update(weights, gradients, learningRate(config, update / updatesPerEpoch));
      // Early on the average is young: it must not be held back by the initial weights.
      const keep = Math.min(config.averageDecay, update / (update + 10));
      for (const [name, mean] of average) {
        const now = weights.get(name)!;
        for (let i = 0; i < mean.length; i++) mean[i] = now[i] + keep * (mean[i] - now[i]);
      }
    }
    const { logits, truth, uar, corpusUar } = await judge(
      network,
      average,
      judged,
      validation,
      labels,
      config,
    );
    const report: EpochReport = {
      epoch,
      trainingLoss: lossSum / updatesPerEpoch,
      validationUar: uar,
      corpusUar,
      validationLoss: negativeLogLikelihood(logits, truth, fitTemperature(logits, truth)),
      seconds: (performance.now() - startedMs) / 1_000,
    };
    curve.push(report);
    stopped = onEpoch(report) === 'stop';
    // The likelihood separates epochs that the few validation clips can't.
    const score = uar - 0.1 * report.validationLoss;
    if (score > best.score) best = { epoch, score, tensors: copied(average) };
  }
  const { logits, truth } = await judge(network, best.tensors, judged, validation, labels, config);
  await network.close();
  return { tensors: best.tensors, temperature: fitTemperature(logits, truth), curve, bestEpoch: best.epoch };
}

const copied = (tensors: ReadonlyMap<string, Float32Array>) =>
  new Map(Array.from(tensors, ([name, values]) => [name, values.slice()]));

/** Linear warm-up, then half a cosine. `epoch` is fractional. */
function learningRate({ learningRate: peak, warmUpEpochs, epochs }: TrainingConfig, epoch: number): number {
  if (epoch <= warmUpEpochs) return (peak * epoch) / warmUpEpochs;
  const progress = (epoch - warmUpEpochs) / (epochs - warmUpEpochs);
  return peak * (lastRateShare + ((1 - lastRateShare) * (1 + Math.cos(Math.PI * progress))) / 2);
}

/** The network's logits [clips · moments, C] on `clips`, packed in `batches` as they are, and their unweighted average recall. */
async function judge(
  network: NetworkGradients,
  weights: Weights,
  batches: readonly TrainingBatch[],
  clips: readonly TrainingClip[],
  labels: readonly CorpusLabel[],
  { momentsPerClip: Q }: TrainingConfig,
) {
  const C = labels.length;
  const width = C + dimensionCount;
  const logits = new Float32Array(clips.length * Q * C);
  const truth = new Int32Array(clips.length * Q);
  const moments = new Map<string, Recall>();
  const ends = new Map<string, Recall>();
  for (const { clip } of clips) {
    if (moments.has(clip.dataset)) continue;
    moments.set(clip.dataset, new Recall(C));
    ends.set(clip.dataset, new Recall(C));
  }
  let row = 0;
  for (const batch of batches) {
    const raw = await network.outputs(weights, batch);
    for (let b = 0; b < batch.clips; b++) {
      const { dataset, label: name } = clips[row / Q].clip;
      const label = labels.indexOf(name);
      for (let q = 0; q < Q; q++, row++) {
        const own = raw.subarray((b * Q + q) * width, (b * Q + q) * width + C);
        logits.set(own, row * C);
        truth[row] = label;
        const hit = own.indexOf(Math.max(...own)) === truth[row];
        moments.get(dataset)!.add(truth[row], hit);
        if (q === Q - 1) ends.get(dataset)!.add(truth[row], hit);
      }
    }
  }
  return {
    logits,
    truth,
    uar: mean(Array.from(moments.values(), (recall) => recall.average())),
    corpusUar: Object.fromEntries(Array.from(ends, ([dataset, recall]) => [dataset, recall.average()])),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Counts hits by class. */
class Recall {
  readonly #found: Float64Array;
  readonly #total: Float64Array;

  constructor(classes: number) {
    this.#found = new Float64Array(classes);
    this.#total = new Float64Array(classes);
  }

  add(label: number, hit: boolean): void {
    this.#total[label]++;
    if (hit) this.#found[label]++;
  }

  /** Unweighted over the classes that occurred. */
  average(): number {
    return mean(Array.from(this.#found, (hits, c) => hits / this.#total[c]).filter((recall) => recall >= 0));
  }
}
