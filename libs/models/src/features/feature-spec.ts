import type { MfccOptions } from '@undertone/dsp';
import { z } from 'zod';

/**
 * What turns 16 kHz samples into the model's input; part of the manifest, so that live features are the trained ones.
 * A model whose spec this code can't follow exactly is refused when it is loaded.
 */
export const featureSpecSchema = z
  .object({
    /** Version of the rules in `SpeakerFeatures`, voice activity included; a change there makes a new one. */
    rules: z.literal(1),
    mfcc: z.object({
      sampleRateHz: z.literal(16_000),
      windowSamples: z.literal(400),
      hopSamples: z.literal(160),
      fftSize: z.literal(512),
      melBands: z.int().min(8).max(128),
      coefficients: z.int().min(1).max(128),
      lowHz: z.number(),
      highHz: z.number(),
      preEmphasis: z.number(),
      window: z.enum(['hann', 'hamming', 'povey']),
      lifter: z.number(),
      energyFloor: z.number().positive(),
    }) satisfies z.ZodType<MfccOptions>,
    /** Pitch and voicing beside the cepstrum, see `PitchNormaliser`; absent in models that do without. */
    pitch: z
      .object({
        /** Mean of the logarithm of the pitch in Hz over the voiced frames of the training data. */
        meanLogHz: z.number(),
        /** How many voiced frames of the speaker's own weigh as much as that mean. */
        priorFrames: z.number().positive(),
        /** Beyond this many frames the speaker's mean pitch forgets exponentially. */
        memoryFrames: z.number().positive(),
      })
      .optional(),
    /** Frames of 10 ms stacked into one step of the model. */
    framesPerStep: z.int().min(1).max(16),
    /** See `StreamingNormaliser`. */
    normalisation: z.object({
      /** Mean of each coefficient over the speech frames of the training data. */
      mean: z.array(z.number()),
      /** Standard deviation of each coefficient, likewise. */
      deviation: z.array(z.number().positive()),
      /** How many frames of the speaker's own speech weigh as much as the training mean. */
      priorFrames: z.number().positive(),
      /** Beyond this many frames the speaker's mean forgets exponentially. */
      memoryFrames: z.number().positive(),
    }),
  })
  .refine(
    ({ mfcc, normalisation }) =>
      normalisation.mean.length === mfcc.coefficients && normalisation.deviation.length === mfcc.coefficients,
    'normalisation needs one mean and one deviation for each coefficient',
  );
export type FeatureSpec = z.infer<typeof featureSpecSchema>;

/** Floats that pitch adds to a frame. */
const pitchFeatureCount = 3;

/** Floats of one frame. */
export const frameFeatureCount = ({ mfcc, pitch }: FeatureSpec): number =>
  mfcc.coefficients + (pitch === undefined ? 0 : pitchFeatureCount);

/** F: floats of one step. */
export const stepFeatureCount = (spec: FeatureSpec): number => spec.framesPerStep * frameFeatureCount(spec);

/** Milliseconds of audio in one step. */
export const stepMs = ({ mfcc, framesPerStep }: FeatureSpec): number =>
  (1000 * mfcc.hopSamples * framesPerStep) / mfcc.sampleRateHz;
