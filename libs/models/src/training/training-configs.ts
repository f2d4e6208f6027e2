import { emotionLabels } from '../model/emotion-label.ts';
import { noPreprocessing } from '../preprocessing/preprocessing.ts';
import type { TrainingConfig } from './training-config.ts';
import { noVariants } from './waveform-options.ts';

const speakers = (dataset: string, numbers: number[]) =>
  numbers.map((n) => `${dataset}_${String(n).padStart(2, '0')}`);

/** One corpus was recorded in one way: more variation than this cost accuracy on its unseen speakers. */
const light: TrainingConfig['augmentation'] = {
  gainDb: 2,
  noiseShare: 0,
  noiseSnrDb: [10, 45],
  channelTilt: 0.05,
  vocalTract: 0.08,
  pitch: 0.08,
  tempo: 0.12,
  maskBands: 4,
  maskFrames: 15,
  bandMasks: 1,
  timeMasks: 1,
};

const noAcquaintance: TrainingConfig['acquaintance'] = { share: 0, frames: 3_000 };

const gruAttention = {
  kind: 'gru-attention' as const,
  frontUnits: 96,
  recurrentUnits: 128,
  scoreUnits: 48,
  headUnits: 64,
  decays: [0.96, 0.995],
  deviationPooling: true,
};

const streaming: TrainingConfig = {
  name: 'streaming',
  seed: 1,
  speakers: { validation: [], test: [] },
  shares: { validation: 0.15, test: 0.2 },
  labels: [...emotionLabels],
  architecture: gruAttention,
  features: {
    spectrum: 'mfcc',
    deltas: 0,
    descriptors: [],
    melBands: 40,
    coefficients: 26,
    framesPerStep: 4,
    contextFrames: 0,
    priorFrames: 300,
    memoryFrames: 3_000,
    pitch: true,
  },
  epochs: 35,
  patience: 35,
  keep: 'last',
  batchClips: 16,
  clipsPerEpoch: {},
  maxSpeechFrames: 256,
  competingLabels: ['calm'],
  validationClips: 240,
  learningRate: 1e-3,
  warmUpEpochs: 2,
  weightDecay: 0.02,
  l1Penalty: 0,
  clipNorm: 1,
  dropout: 0.2,
  labelSmoothing: 0.1,
  classWeights: 'balanced',
  effectiveNumberBeta: 0.99,
  focalGamma: 0,
  distillation: null,
  mixup: { alpha: 0, share: 0 },
  dimensionsWeight: 0.5,
  momentsPerClip: 1,
  temperatureFrom: 'ends',
  averageDecay: 0.98,
  preprocessing: noPreprocessing,
  waveform: noVariants,
  acquaintance: { share: 0.5, frames: 3_000 },
  augmentation: light,
};

/** The same behind causal convolutions over log mel energies, which ten times the computation buys. */
const convolutional: TrainingConfig = {
  ...streaming,
  name: 'streaming-convolutional',
  epochs: 25,
  patience: 25,
  architecture: {
    ...gruAttention,
    blocks: [
      { channels: 16, convolutions: 1, poolSteps: 2, poolBands: 2 },
      { channels: 32, convolutions: 1, poolSteps: 2, poolBands: 2 },
      { channels: 64, convolutions: 2, poolSteps: 1, poolBands: 2 },
    ],
  },
  features: { ...streaming.features, spectrum: 'log-mel' },
  // Did worse with it, heard before or not.
  acquaintance: noAcquaintance,
};

/** What ships: three corpora, three languages. The demo call speaks with EmoDB's 08 and 11, so they never train. */
const shipped: TrainingConfig = {
  ...streaming,
  name: 'multi-corpus',
  speakers: {
    validation: [...speakers('ravdess', [17, 18]), 'emodb_09', 'nemo_MP0'],
    test: [...speakers('ravdess', [19, 20]), ...speakers('emodb', [8, 11]), 'nemo_KS0'],
  },
  // Where they are drawn, only large corpora have speakers to spare for validation.
  shares: { validation: 0.1, test: 0.2 },
  // Half of it leaves all corpora underfitted.
  epochs: 120,
  patience: 120,
  clipsPerEpoch: { ravdess: 840, emodb: 420, nemo: 840 },
  maxSpeechFrames: 240,
  competingLabels: ['calm', 'disgust', 'surprised'],
  validationClips: 120,
  // One moment, the end, loses on a language that it does not know.
  momentsPerClip: 2,
  // On corpora that it has never heard it is rather too sure of itself than too little.
  temperatureFrom: 'moments',
  // Without lines and noise it is at a loss on a telephone.
  waveform: { ...noVariants, variants: 1, share: 0.4 },
  augmentation: { ...light, gainDb: 6, noiseShare: 0.4, noiseSnrDb: [8, 45], channelTilt: 0.2 },
};

/** Teaches `multi-corpus`, cross-validated on that one's training speakers: it judges clean recordings, at their ends. */
const shippedEnds: TrainingConfig = {
  ...shipped,
  name: 'multi-corpus-ends',
  speakers: { validation: [], test: [] },
  epochs: 100,
  patience: 100,
  momentsPerClip: 1,
  waveform: noVariants,
  augmentation: light,
};

/** Kinds that judge whole clips, for comparison and as teachers; a step is 10 ms of log mel energies where they convolve. */
const offline: TrainingConfig = {
  ...streaming,
  name: 'offline',
  labels: 'data',
  competingLabels: [],
  features: { ...streaming.features, spectrum: 'log-mel', framesPerStep: 1 },
  epochs: 30,
  patience: 30,
  maxSpeechFrames: 300,
};
const attention = { scoreUnits: 48, heads: 2, headUnits: 64 };
const blocks = [
  { channels: 16, convolutions: 1, poolSteps: 2 as const, poolBands: 2 as const },
  { channels: 32, convolutions: 1, poolSteps: 2 as const, poolBands: 2 as const },
  { channels: 64, convolutions: 2, poolSteps: 2 as const, poolBands: 2 as const },
];

const cnn: TrainingConfig = {
  ...offline,
  name: 'cnn',
  architecture: {
    kind: 'cnn',
    blocks: [...blocks, { channels: 96, convolutions: 2, poolSteps: 1, poolBands: 1 }],
    stepUnits: 128,
    ...attention,
  },
  // Did worse with it.
  acquaintance: noAcquaintance,
};

const cnnLstm: TrainingConfig = {
  ...offline,
  name: 'cnn-lstm',
  architecture: {
    kind: 'cnn-lstm',
    blocks,
    stepUnits: 128,
    recurrentUnits: 64,
    ...attention,
  },
};

const recurrent = { frontUnits: 96, layers: 1, ...attention };

const lstm: TrainingConfig = {
  ...offline,
  name: 'lstm',
  features: { ...offline.features, framesPerStep: 4 },
  architecture: {
    kind: 'lstm',
    ...recurrent,
    recurrentUnits: 96,
    bidirectional: true,
    pooling: 'attention',
  },
};

const gru: TrainingConfig = {
  ...offline,
  name: 'gru',
  features: { ...offline.features, framesPerStep: 4 },
  architecture: { kind: 'gru', ...recurrent, recurrentUnits: 128, bidirectional: false, pooling: 'last' },
};

/** EmoDB alone with its seven classes, boredom among them. */
const emodb: TrainingConfig = {
  ...streaming,
  name: 'emodb',
  labels: 'data',
  shares: { validation: 0.2, test: 0.2 },
  competingLabels: [],
};

/** The runs that `npm run train -- --config NAME` knows. */
export const trainingConfigs: readonly TrainingConfig[] = [
  streaming,
  convolutional,
  shipped,
  shippedEnds,
  emodb,
  cnn,
  lstm,
  cnnLstm,
  gru,
];
