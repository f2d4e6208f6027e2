import { defaultMfccOptions } from '@undertone/dsp';
import { buildModel, type ModelDescription } from '../../libs/models/src/export/write-model.ts';
import { stepLayout } from '../../libs/models/src/features/step-layout.ts';
import { emotionLabels } from '../../libs/models/src/model/emotion-label.ts';
import { GruAttention, type GruAttentionArchitecture } from '../../libs/models/src/network/gru-attention.ts';
import { SeededRandom } from '../../libs/models/src/seeded-random.ts';

const coefficients = 5;

export const description: ModelDescription & { architecture: GruAttentionArchitecture } = {
  name: 'small',
  createdAt: '2026-01-01T00:00:00.000Z',
  licence: 'none: random weights',
  labels: [...emotionLabels],
  architecture: {
    kind: 'gru-attention',
    frontUnits: 7,
    recurrentUnits: 6,
    scoreUnits: 4,
    headUnits: 9,
    decays: [0.9, 1],
    deviationPooling: true,
  },
  features: {
    rules: 1,
    mfcc: {
      ...defaultMfccOptions,
      coefficients,
      sampleRateHz: 16_000,
      windowSamples: 400,
      hopSamples: 160,
      fftSize: 512,
    },
    pitch: { meanLogHz: 5, priorFrames: 50, memoryFrames: 3_000 },
    framesPerStep: 4,
    normalisation: {
      mean: new Array(coefficients).fill(-3),
      deviation: new Array(coefficients).fill(4),
      priorFrames: 100,
      memoryFrames: 3_000,
    },
  },
  temperature: 1.3,
  training: {
    config: {},
    seed: 1,
    corpora: [],
    speakers: { training: ['seen'], validation: [], test: [] },
    epochs: 1,
  },
  measured: null,
  valenceArousal: { source: 'none', targets: {} },
};

/** What the architecture can have besides. */
export const options: Partial<GruAttentionArchitecture>[] = [
  { layerNorm: true },
  { recurrentLayers: 2 },
  {
    blocks: [
      { channels: 3, convolutions: 1, poolSteps: 2, poolBands: 2 },
      { channels: 4, convolutions: 2, poolSteps: 2, poolBands: 1 },
    ],
  },
  {
    layerNorm: true,
    recurrentLayers: 2,
    blocks: [{ channels: 3, convolutions: 1, poolSteps: 4, poolBands: 2 }],
    deviationPooling: false,
  },
];

/** A tiny model with random weights, as training would export it. */
export function smallModel(
  seed = 1,
  changes: Partial<GruAttentionArchitecture> = {},
  labels: ModelDescription['labels'] = description.labels,
  features: ModelDescription['features'] = description.features,
): ReturnType<typeof buildModel> {
  const architecture = { ...description.architecture, ...changes };
  const random = new SeededRandom(seed);
  const tensors = new Map(
    new GruAttention(architecture, stepLayout(features), labels.length).tensors.map(({ name, shape }) => [
      name,
      Float32Array.from({ length: shape.reduce((size, n) => size * n, 1) }, () =>
        name.endsWith('.variance') ? random.between(0.5, 2) : 0.5 * random.normal(),
      ),
    ]),
  );
  return buildModel({ ...description, architecture, labels, features }, tensors);
}

const bands = 12;

/** Log mel energies with Δ and ΔΔ, pitch, every descriptor, and context: all that a frame and a step can have. */
export const everyFeature: ModelDescription['features'] = {
  ...description.features,
  mfcc: { ...description.features.mfcc, melBands: bands },
  spectrum: 'log-mel',
  deltas: 2,
  descriptors: {
    names: ['energy', 'peak', 'zeroCrossings', 'centroid', 'entropy', 'flux', 'rollOff'],
    mean: [12, 7, 0.15, 4, 1.5, 0.5, 6],
    deviation: [2, 1, 0.1, 2, 0.4, 0.3, 2],
  },
  contextFrames: 3,
  normalisation: {
    ...description.features.normalisation,
    mean: new Array(bands).fill(-6),
    deviation: new Array(bands).fill(3),
  },
};
