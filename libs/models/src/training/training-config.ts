import { z } from 'zod';
import { corpusLabels, labelListSchema } from '../corpus/corpus-label.ts';
import { descriptorNames } from '../features/frame-measures.ts';
import { architectureSchema } from '../model/architecture.ts';
import { emotionLabels } from '../model/emotion-label.ts';
import { noPreprocessing, preprocessingSchema } from '../preprocessing/preprocessing.ts';
import { classWeightings } from './class-weights.ts';
import { noVariants, waveformSchema } from './waveform-options.ts';

const share = z.number().min(0).max(1);

/**
 * Everything that decides a training run besides its data. Written into the manifest; a setting with a default is younger than
 * some manifests, whose runs did without it.
 */
export const trainingConfigSchema = z.object({
  name: z.string(),
  seed: z.int(),
  /** Held-out speakers by name; where both lists are empty, `shares` of the speakers are drawn, per corpus and gender. */
  speakers: z.object({ validation: z.array(z.string()), test: z.array(z.string()) }),
  shares: z.object({ validation: share, test: share }),
  /** What the model tells apart, in the order of its probabilities; `data`: the classes that the data has. */
  labels: z.union([z.literal('data'), labelListSchema]).default([...emotionLabels]),
  architecture: architectureSchema,
  features: z.object({
    /** See `FeatureSpec`. */
    spectrum: z.enum(['mfcc', 'log-mel']).default('mfcc'),
    deltas: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(0),
    descriptors: z.array(z.enum(descriptorNames)).default([]),
    melBands: z.int().min(8).max(128).default(40),
    coefficients: z.int().positive(),
    framesPerStep: z.int().positive(),
    contextFrames: z.int().min(0).max(64).default(0),
    priorFrames: z.number().positive(),
    memoryFrames: z.number().positive(),
    /** Whether pitch and voicing go beside the cepstrum. */
    pitch: z.boolean(),
  }),
  epochs: z.int().positive(),
  /** Epochs without a better validation result before training stops. */
  patience: z.int().positive(),
  /**
   * Whose weights are kept: those of the epoch that does best on the validation speakers, or of the last. Of few speakers the best
   * is chosen by chance, and early.
   */
  keep: z.enum(['best', 'last']).default('best'),
  batchClips: z.int().positive(),
  /** Clips of each corpus in an epoch, by dataset name: so that no corpus decides alone. Corpora not named are taken whole. */
  clipsPerEpoch: z.record(z.string(), z.int().positive()),
  /** Longer clips are cut to this many frames of speech, from a random moment on. */
  maxSpeechFrames: z.int().positive(),
  /** Classes that compete even where a corpus lacks them: what it calls otherwise is then learned not to be them. */
  competingLabels: z.array(z.enum(corpusLabels)),
  /** Clips of each corpus that validate; more are thinned out evenly, so that corpora count alike. */
  validationClips: z.int().positive(),
  learningRate: z.number().positive(),
  /** Epochs over which the rate rises from 0; then it falls along half a cosine to a fiftieth. */
  warmUpEpochs: z.number().min(0),
  /** Kernels shrink by this share of the rate at each update (decoupled L2). */
  weightDecay: z.number().min(0),
  /** Kernels move towards 0 by this much of the rate at each update, and stop there (L1). */
  l1Penalty: z.number().min(0).default(0),
  clipNorm: z.number().positive(),
  dropout: share,
  /** Share of a clip's target that is spread evenly over the classes that compete. */
  labelSmoothing: share,
  /** How the classes of a corpus are weighed against each other, see `class-weights.ts`. */
  classWeights: z.enum(classWeightings).default('balanced'),
  effectiveNumberBeta: share.lt(1).default(0.99),
  /** Of the focal loss; 0 for the cross-entropy. */
  focalGamma: z.number().min(0).default(0),
  /**
   * Learning from a teacher (Hinton et al. 2015): this much of a clip's target is the teacher's probabilities, softened by
   * the temperature. Only the teacher is: the student's own temperature is fitted afterwards.
   */
  distillation: z.object({ weight: share, temperature: z.number().positive() }).nullable().default(null),
  /** See `mixup.ts`. */
  mixup: z.object({ alpha: z.number().min(0), share }).default({ alpha: 0, share: 0 }),
  dimensionsWeight: z.number().min(0),
  /** Moments of each clip that are judged, the last step always among them. */
  momentsPerClip: z.int().positive(),
  /**
   * Which answers to validation clips the temperature is fitted to, every corpus counting alike: the last ones, or all
   * moments. Confidence lags behind what more speech makes sure of; see docs/evaluation.md.
   */
  temperatureFrom: z.enum(['ends', 'moments']).default('ends'),
  /** The weights kept are a running average over updates with this decay (Polyak & Juditsky 1992); 0 for none. */
  averageDecay: z.number().min(0).lt(1),
  /** What is done to recordings first; live audio can't have it, so the streaming architecture is refused with any. */
  preprocessing: preprocessingSchema.default(noPreprocessing),
  /** Variants of the recordings themselves; the augmentation below comes on top of them. */
  waveform: waveformSchema.default(noVariants),
  /** How often and how well the normalisation knows a clip's speaker already, see `EarlierSpeechSource`. */
  acquaintance: z.object({ share, frames: z.number().min(100) }).default({ share: 0, frames: 3_000 }),
  augmentation: z.object({
    gainDb: z.number().min(0),
    noiseShare: share,
    noiseSnrDb: z.tuple([z.number(), z.number()]),
    channelTilt: z.number().min(0),
    vocalTract: share,
    pitch: z.number().min(0),
    tempo: share,
    maskBands: z.int().min(0),
    maskFrames: z.int().min(0),
    bandMasks: z.int().min(0).default(1),
    timeMasks: z.int().min(0).default(1),
  }),
});
export type TrainingConfig = z.infer<typeof trainingConfigSchema>;
