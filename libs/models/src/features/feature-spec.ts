import type { MfccOptions } from '@undertone/dsp';
import { z } from 'zod';
import { descriptorNames } from './frame-measures.ts';

/** What decides how many features a spectrum has. */
export interface SpectrumSpec {
  mfcc: MfccOptions;
  spectrum?: 'mfcc' | 'log-mel' | undefined;
}

/** S: floats of the spectrum in a frame, its first. */
export const spectrumFeatureCount = ({ mfcc, spectrum }: SpectrumSpec): number =>
  spectrum === 'log-mel' ? mfcc.melBands : mfcc.coefficients;

/**
 * What turns 16 kHz samples into the model's input; part of the manifest, so that live features are the trained ones.
 * A model whose spec this code can't follow exactly is refused when it is loaded.
 */
export const featureSpecSchema = z
  .strictObject({
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
    /** What a frame says of its spectrum: MFCC where absent; `log-mel`: all log mel energies, `coefficients` is not used. */
    spectrum: z.enum(['mfcc', 'log-mel']).optional(),
    /** 1: beside the normalised spectrum its Δ, 2: also ΔΔ, see `CausalDelta` and `StepStacker`. Neither where absent. */
    deltas: z.union([z.literal(0), z.literal(1), z.literal(2)]).optional(),
    /** Pitch and voicing beside the spectrum, see `PitchNormaliser`; absent in models that do without. */
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
    /** Energy, peak, zero crossings and shape of the spectrum, see `DescriptorNormaliser`; absent in models that do without. */
    descriptors: z
      .object({
        names: z
          .array(z.enum(descriptorNames))
          .min(1)
          .refine((names) => new Set(names).size === names.length, 'no descriptor may be named twice'),
        /** Mean of each over the speech frames of the training data. */
        mean: z.array(z.number()),
        /** Standard deviation of each, likewise. */
        deviation: z.array(z.number().positive()),
      })
      .refine(
        ({ names, mean, deviation }) => mean.length === names.length && deviation.length === names.length,
        'descriptors need one mean and one deviation each',
      )
      .optional(),
    /** Frames of 10 ms that are new in each step of the model. */
    framesPerStep: z.int().min(1).max(16),
    /** Frames stacked in front of a step's own: those just before in time, silent or not. None where absent. */
    contextFrames: z.int().min(0).max(64).optional(),
    /** See `StreamingNormaliser`. */
    normalisation: z.object({
      /** Mean of each coefficient, or log mel energy, over the speech frames of the training data. */
      mean: z.array(z.number()),
      /** Standard deviation of each, likewise. */
      deviation: z.array(z.number().positive()),
      /** How many frames of the speaker's own speech weigh as much as the training mean. */
      priorFrames: z.number().positive(),
      /** Beyond this many frames the speaker's mean forgets exponentially. */
      memoryFrames: z.number().positive(),
    }),
  })
  .refine(
    (spec) =>
      spec.normalisation.mean.length === spectrumFeatureCount(spec) &&
      spec.normalisation.deviation.length === spectrumFeatureCount(spec),
    'normalisation needs one mean and one deviation for each coefficient, or for each log mel energy',
  );
export type FeatureSpec = z.infer<typeof featureSpecSchema>;

/** Floats that pitch adds to a frame. */
export const pitchFeatureCount = 3;

/** Floats of one frame: spectrum, its Δ, its ΔΔ, pitch, descriptors. */
export const frameFeatureCount = (spec: FeatureSpec): number =>
  spectrumFeatureCount(spec) * (1 + (spec.deltas ?? 0)) +
  (spec.pitch === undefined ? 0 : pitchFeatureCount) +
  (spec.descriptors?.names.length ?? 0);

/** Frames that one step shows: context, then its own, oldest first. */
const stepFrameCount = ({ contextFrames = 0, framesPerStep }: FeatureSpec): number =>
  contextFrames + framesPerStep;

/** F: floats of one step, frame by frame. */
export const stepFeatureCount = (spec: FeatureSpec): number => stepFrameCount(spec) * frameFeatureCount(spec);

/** Milliseconds of audio in one step, its context left out. */
export const stepMs = ({ mfcc, framesPerStep }: FeatureSpec): number =>
  (1000 * mfcc.hopSamples * framesPerStep) / mfcc.sampleRateHz;
