import type { Clip, Corpus, SkippedClip } from '../corpus/clip.ts';
import { corpusLicence, weightsLicence } from '../corpus/corpus-licence.ts';
import { chosenLabels, withLabels } from '../corpus/label-choice.ts';
import { driftReference } from '../drift/drift-reference.ts';
import { OnnxEngine } from '../engine/onnx-engine.ts';
import { createClipJudge } from '../evaluation/clip-judge.ts';
import { uncalibrated } from '../evaluation/judged-clip.ts';
import { reportScores, type ScoreReport } from '../evaluation/score-report.ts';
import { buildTrained, type ModelDescription, type ModelFiles } from '../export/write-model.ts';
import { EmotionModel } from '../model/emotion-model.ts';
import type { Manifest } from '../model/manifest.ts';
import type { OfflineModel } from '../model/offline-model.ts';
import { stepsOf } from '../preprocessing/preprocessing.ts';
import type { CheckpointOptions } from './checkpoint.ts';
import { circumplexSource, circumplexTargets } from './circumplex.ts';
import { FeatureReader } from './feature-reader.ts';
import { readTrainingClips, withVariants } from './read-training-clips.ts';
import { splitSpeakers } from './speaker-split.ts';
import type { Teacher } from './teacher.ts';
import { type NetworkProgress, trainNetwork } from './train-network.ts';
import { mfccOf, trainedFeatureSpec } from './trained-feature-spec.ts';
import type { TrainingClip } from './training-clip.ts';
import type { TrainingConfig } from './training-config.ts';
import type { EpochReport } from './training-state.ts';

/** What the run tells while it goes on. */
export interface TrainingProgress extends NetworkProgress {
  reading(done: number, total: number, what: 'clips' | 'variants'): void;
}

export interface TrainingRun {
  files: ModelFiles;
  manifest: Manifest;
  curve: EpochReport[];
  bestEpoch: number;
  skipped: SkippedClip[];
  /** Of the test speakers; null when there are none. */
  test: ScoreReport | null;
}

/**
 * The whole run: read, split, train, calibrate, export, and measure the exported model on the test speakers.
 * @param teacher whom `config.distillation` learns from
 * @param checkpoints where the state of the training is kept, so that it can go on after a stop; null for nowhere
 * @throws Error when the model is to hear live audio and the configuration has its recordings preprocessed
 */
export async function trainModel(
  config: TrainingConfig,
  data: readonly Corpus[],
  cacheFolder: string,
  progress: TrainingProgress,
  checkpoints: CheckpointOptions | null = null,
  teacher: Teacher | null = null,
): Promise<TrainingRun> {
  const steps = stepsOf(config.preprocessing);
  if (steps.length > 0 && config.architecture.kind === 'gru-attention') {
    throw new Error(
      `${config.name} can't have ${steps.join(', ')}: that looks at whole recordings, which the streaming model doesn't have in a call. Leave preprocessing out, or use it with a baseline or a network that judges whole recordings`,
    );
  }
  const labels = chosenLabels(
    config.labels,
    data.flatMap(({ clips }) => clips),
  );
  const corpora = data.map((corpus) => withLabels(corpus, labels));
  const mfcc = mfccOf(config.features);
  const skipped = corpora.flatMap((corpus) => corpus.skipped);
  const reader = new FeatureReader(
    cacheFolder,
    mfcc,
    config.waveform.effects,
    config.preprocessing,
    config.features.descriptors.length > 0,
  );
  const clips = await readTrainingClips(corpora, reader, skipped, (done, total) =>
    progress.reading(done, total, 'clips'),
  );
  const split = splitSpeakers(
    clips.map(({ clip }) => clip),
    config,
  );
  const of = (speakers: string[]) => clips.filter(({ clip }) => speakers.includes(clip.speaker));
  const training = await withVariants(of(split.training), config.waveform.variants, reader, (done, total) =>
    progress.reading(done, total, 'variants'),
  );
  if (teacher !== null) {
    const own = training.map(({ clip }) => clip);
    const answers = await teacher.answers(own, labels, split.test);
    for (const clip of training) clip.teacher = answers.get(clip.clip.file);
  }
  const features = trainedFeatureSpec(config.features, training);
  const validation = thinned(of(split.validation), config.validationClips);
  const trained = await trainNetwork(config, features, labels, training, validation, progress, checkpoints);
  const description: ModelDescription = {
    name: `${config.name}-${new Date().toISOString().slice(0, 10)}`,
    createdAt: new Date().toISOString(),
    licence: weightsLicence([...new Set(clips.map(({ clip }) => clip.dataset))]),
    labels,
    architecture: config.architecture,
    features,
    temperature: trained.temperature,
    training: {
      config,
      seed: config.seed,
      corpora: corporaUsed(clips),
      speakers: split,
      epochs: trained.bestEpoch,
      ...(teacher && { teacher: [...teacher.names] }),
    },
    measured: null,
    valenceArousal: {
      source: circumplexSource,
      targets: Object.fromEntries(
        labels.map((label) => [label, [...circumplexTargets[label]] as [number, number]]),
      ),
    },
  };
  const test = of(split.test).map(({ clip }) => clip);
  const measured = await measure(
    description,
    buildTrained(description, trained.tensors).model,
    validation,
    test,
  );
  const { model, files } = buildTrained(description, trained.tensors);
  const { curve, bestEpoch } = trained;
  return { files, manifest: model.manifest, curve, bestEpoch, skipped, test: measured };
}

/** At most `count` clips of each corpus, evenly spread over those there are. */
function thinned(clips: readonly TrainingClip[], count: number): TrainingClip[] {
  return [...Map.groupBy(clips, ({ clip }) => clip.dataset).values()].flatMap((own) => {
    const every = Math.max(1, own.length / count);
    return Array.from({ length: Math.floor(own.length / every) }, (_, i) => own[Math.floor(i * every)]);
  });
}

function corporaUsed(clips: readonly TrainingClip[]): Manifest['training']['corpora'] {
  return [...Map.groupBy(clips, ({ clip }) => clip.dataset)].map(([dataset, own]) => ({
    dataset,
    licence: corpusLicence(dataset),
    clips: own.length,
    seconds: Math.round(own.reduce((sum, { frames }) => sum + frames.speech.length, 0) / 100),
  }));
}

/** Notes in `description` what the exported model says of the validation clips, and how well it does on the test clips. */
async function measure(
  description: ModelDescription,
  model: EmotionModel | OfflineModel,
  validation: readonly TrainingClip[],
  test: readonly Clip[],
): Promise<ScoreReport | null> {
  if (model instanceof EmotionModel) await noteReference(description, model, validation);
  if (test.length === 0) return null;
  const judge = await createClipJudge(model, 'onnx');
  try {
    const { judged } = await judge.judge(test);
    const before = judged.map((clip) => uncalibrated(clip, description.temperature));
    const scores = reportScores(judged, before, model.labels, 1);
    const { uar, accuracy, macroF1, ece, perClassRecall } = scores;
    description.measured = {
      clips: judged.length,
      uar,
      accuracy,
      macroF1,
      ece,
      perClassRecall: Object.fromEntries(
        Object.entries(perClassRecall).flatMap(([label, recall]) =>
          recall === null ? [] : [[label, recall]],
        ),
      ),
    };
    return scores;
  } finally {
    await judge.close();
  }
}

/** Only a model that is heard in calls can drift there. */
async function noteReference(
  description: ModelDescription,
  model: EmotionModel,
  validation: readonly TrainingClip[],
): Promise<void> {
  const engine = await OnnxEngine.create(model);
  try {
    const frames = validation.map((clip) => clip.frames);
    const reference = await driftReference(model, engine, frames);
    if (reference !== null) description.reference = reference;
  } finally {
    await engine.close();
  }
}
