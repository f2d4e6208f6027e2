import type { CorpusLabel } from '../corpus/corpus-label.ts';
import { corpusWeights, fitTemperature, negativeLogLikelihood } from '../evaluation/temperature.ts';
import type { FeatureSpec } from '../features/feature-spec.ts';
import { stepLayout } from '../features/step-layout.ts';
import { createNetwork } from '../model/architecture.ts';
import type { Network } from '../network/network.ts';
import { SeededRandom } from '../seeded-random.ts';
import { AdamW } from './adam-w.ts';
import { BatchBuilder } from './batch-builder.ts';
import { Checkpoint, type CheckpointOptions, runIdentity } from './checkpoint.ts';
import { createNetworkGradients } from './create-network-gradients.ts';
import { initialWeights } from './initial-weights.ts';
import { judgeNetwork } from './judge-network.ts';
import type { Weights } from './network-gradients.ts';
import type { TrainingClip } from './training-clip.ts';
import type { TrainingConfig } from './training-config.ts';
import type { EpochReport, TrainingState } from './training-state.ts';

const lastRateShare = 1 / 50;
const statisticsShare = 0.1;

export interface TrainedNetwork {
  tensors: Map<string, Float32Array>;
  temperature: number;
  curve: EpochReport[];
  bestEpoch: number;
}

/** What a run tells while it goes on. */
export interface NetworkProgress {
  batch?(done: number, total: number): void;
  /** Says whether training goes on; when it stops, the best epoch so far is kept. */
  epoch(report: EpochReport, epochs: number): 'go on' | 'stop';
}

/**
 * Trains on `training`, keeps the weights of the epoch that does best on `validation`, and fits the temperature there.
 * @param checkpoints where the state is kept, so that a run that was stopped can go on; null for nowhere
 * @throws Error when a run shall go on whose state is missing or is another run's
 */
export async function trainNetwork(
  config: TrainingConfig,
  spec: FeatureSpec,
  labels: readonly CorpusLabel[],
  training: readonly TrainingClip[],
  validation: readonly TrainingClip[],
  progress: NetworkProgress,
  checkpoints: CheckpointOptions | null,
): Promise<TrainedNetwork> {
  const model = createNetwork(config.architecture, stepLayout(spec), labels.length);
  const checkpoint =
    checkpoints &&
    new Checkpoint(checkpoints.folder, runIdentity(config, spec, labels, [training, validation]));
  const state = checkpoint && checkpoints.resume ? await checkpoint.read() : initialState(model, config.seed);
  const { weights, average, curve } = state;
  const optimizer = new AdamW(config, state.optimizer);
  const random = SeededRandom.restored(state.random);
  const builder = new BatchBuilder(spec, labels, training, config);
  const updatesPerEpoch = builder.batchesPerEpoch(training);
  // They are the same after every epoch.
  const judged = [...builder.plain(validation)];
  const network = await createNetworkGradients(config, model);
  try {
    let stopped = false;
    while (!stopped && state.epoch < config.epochs && state.epoch - state.best.epoch < config.patience) {
      const startedMs = performance.now();
      let lossSum = 0;
      for (const batch of builder.epoch(training, random)) {
        state.updates++;
        const { loss, gradients, statistics } = await network.gradients(weights, batch, {
          share: config.dropout,
          random,
        });
        lossSum += loss;
        optimizer.update(weights, gradients, learningRate(config, state.updates / updatesPerEpoch));
        followStatistics(weights, statistics);
        moveAverage(average, weights, config.averageDecay, state.updates);
        progress.batch?.(state.updates - state.epoch * updatesPerEpoch, updatesPerEpoch);
      }
      state.epoch++;
      const { logits, truth, uar, corpusUar } = await judgeNetwork(
        network,
        average,
        judged,
        validation,
        labels,
      );
      const report: EpochReport = {
        epoch: state.epoch,
        trainingLoss: lossSum / updatesPerEpoch,
        validationUar: uar,
        corpusUar,
        validationLoss: negativeLogLikelihood(logits, truth, fitTemperature(logits, truth)),
        seconds: (performance.now() - startedMs) / 1_000,
      };
      curve.push(report);
      // The likelihood separates epochs that the few validation clips can't.
      const score = uar - 0.1 * report.validationLoss;
      if (config.keep === 'last' || score > state.best.score)
        state.best = { epoch: state.epoch, score, tensors: copied(average) };
      stopped = progress.epoch(report, config.epochs) === 'stop';
      if (checkpoint && (stopped || state.epoch % checkpoints.everyEpochs === 0)) {
        state.random = random.state;
        await checkpoint.write(state);
      }
    }
    const { best } = state;
    const { logits, truth, ends } = await judgeNetwork(network, best.tensors, judged, validation, labels);
    const calibrating = config.temperatureFrom === 'ends' ? ends : { logits, truth };
    const momentsOfClip = calibrating.truth.length / validation.length;
    const counted = corpusWeights(
      validation.flatMap(({ clip }) => new Array<typeof clip>(momentsOfClip).fill(clip)),
    );
    return {
      tensors: best.tensors,
      temperature: fitTemperature(calibrating.logits, calibrating.truth, counted),
      curve,
      bestEpoch: best.epoch,
    };
  } finally {
    await network.close();
  }
}

function initialState(model: Network, seed: number): TrainingState {
  const weights = initialWeights(model, seed);
  return {
    epoch: 0,
    updates: 0,
    weights,
    average: copied(weights),
    optimizer: { steps: 0, moments: new Map() },
    random: new SeededRandom(seed).state,
    best: { epoch: 0, score: Number.NEGATIVE_INFINITY, tensors: weights },
    curve: [],
  };
}

/** Moves what follows the batches' statistics a tenth of the way to this one's. */
function followStatistics(weights: Weights, statistics: Weights): void {
  for (const [name, batch] of statistics) {
    const running = weights.get(name)!;
    for (let i = 0; i < running.length; i++) running[i] += statisticsShare * (batch[i] - running[i]);
  }
}

/** Moves the running average towards the weights. */
function moveAverage(
  average: Map<string, Float32Array>,
  weights: Map<string, Float32Array>,
  decay: number,
  updates: number,
): void {
  // Early on the average is young: it must not be held back by the initial weights.
  const keep = Math.min(decay, updates / (updates + 10));
  for (const [name, mean] of average) {
    const now = weights.get(name)!;
    for (let i = 0; i < mean.length; i++) mean[i] = now[i] + keep * (mean[i] - now[i]);
  }
}

const copied = (tensors: ReadonlyMap<string, Float32Array>) =>
  new Map(Array.from(tensors, ([name, values]) => [name, values.slice()]));

/** Linear warm-up, then half a cosine. `epoch` is fractional. */
function learningRate({ learningRate: peak, warmUpEpochs, epochs }: TrainingConfig, epoch: number): number {
  if (epoch <= warmUpEpochs) return (peak * epoch) / warmUpEpochs;
  const progress = (epoch - warmUpEpochs) / (epochs - warmUpEpochs);
  return peak * (lastRateShare + ((1 - lastRateShare) * (1 + Math.cos(Math.PI * progress))) / 2);
}
