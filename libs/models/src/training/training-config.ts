import { z } from 'zod';
import { architectureSchema } from '../model/architecture.ts';

const share = z.number().min(0).max(1);

/** Everything that decides a training run besides its data. Written into the manifest. */
export const trainingConfigSchema = z.object({
  name: z.string(),
  seed: z.int(),
  /** Held-out speakers by name; where both lists are empty, `shares` of the speakers are drawn, per corpus and gender. */
  speakers: z.object({ validation: z.array(z.string()), test: z.array(z.string()) }),
  shares: z.object({ validation: share, test: share }),
  architecture: architectureSchema,
  features: z.object({
    coefficients: z.int().positive(),
    framesPerStep: z.int().positive(),
    priorFrames: z.number().positive(),
    memoryFrames: z.number().positive(),
  }),
  epochs: z.int().positive(),
  /** Epochs without a better validation result before training stops. */
  patience: z.int().positive(),
  batchClips: z.int().positive(),
  learningRate: z.number().positive(),
  /** Epochs over which the rate rises from 0; then it falls along half a cosine to a fiftieth. */
  warmUpEpochs: z.number().min(0),
  weightDecay: z.number().min(0),
  clipNorm: z.number().positive(),
  dropout: share,
  labelSmoothing: share,
  dimensionsWeight: z.number().min(0),
  /** Moments of each clip that are judged, the last step always among them. */
  momentsPerClip: z.int().positive(),
  /** The weights kept are a running average over updates with this decay (Polyak & Juditsky 1992); 0 for none. */
  averageDecay: z.number().min(0).lt(1),
  augmentation: z.object({
    gainDb: z.number().min(0),
    noiseShare: share,
    noiseSnrDb: z.tuple([z.number(), z.number()]),
    channelTilt: z.number().min(0),
    vocalTract: share,
    tempo: share,
    maskBands: z.int().min(0),
    maskFrames: z.int().min(0),
  }),
});
export type TrainingConfig = z.infer<typeof trainingConfigSchema>;

const speakers = (dataset: string, numbers: number[]) =>
  numbers.map((n) => `${dataset}_${String(n).padStart(2, '0')}`);

const streaming: TrainingConfig = {
  name: 'streaming',
  seed: 1,
  speakers: { validation: [], test: [] },
  shares: { validation: 0.15, test: 0.2 },
  architecture: {
    kind: 'gru-attention',
    frontUnits: 96,
    recurrentUnits: 128,
    scoreUnits: 48,
    headUnits: 64,
    decays: [0.96, 0.995],
  },
  features: { coefficients: 26, framesPerStep: 4, priorFrames: 300, memoryFrames: 3_000 },
  epochs: 60,
  patience: 15,
  batchClips: 32,
  learningRate: 1.5e-3,
  warmUpEpochs: 2,
  weightDecay: 0.02,
  clipNorm: 1,
  dropout: 0.3,
  labelSmoothing: 0.1,
  dimensionsWeight: 0.5,
  momentsPerClip: 6,
  averageDecay: 0.98,
  augmentation: {
    gainDb: 8,
    noiseShare: 0.5,
    noiseSnrDb: [10, 45],
    channelTilt: 0.3,
    vocalTract: 0.1,
    tempo: 0.15,
    maskBands: 6,
    maskFrames: 30,
  },
};

/** The runs that `npm run train -- --config NAME` knows. */
export const trainingConfigs: readonly TrainingConfig[] = [
  streaming,
  {
    ...streaming,
    name: 'ravdess-first',
    speakers: { validation: speakers('ravdess', [15, 16]), test: speakers('ravdess', [17, 18, 19, 20]) },
  },
];
