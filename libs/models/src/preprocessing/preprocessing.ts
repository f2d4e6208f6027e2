import { z } from 'zod';
import { toFloat, toInt16 } from './int16.ts';
import { atLoudness } from './loudness.ts';
import { withoutNoise } from './noise-reduction.ts';
import { withoutSilence } from './silence-removal.ts';

const sampleRateHz = 16_000;

/** What is done to recordings before features are taken from them. Every step looks at the whole recording. */
export const preprocessingSchema = z.object({
  /** See `withoutNoise`. */
  noiseReduction: z.boolean(),
  /** See `withoutSilence`. */
  silenceRemoval: z.boolean(),
  /** Integrated loudness to bring them to, see `atLoudness`; null: as they are. */
  loudnessLufs: z.number().min(-70).max(0).nullable(),
});
export type Preprocessing = z.infer<typeof preprocessingSchema>;

export const noPreprocessing: Preprocessing = {
  noiseReduction: false,
  silenceRemoval: false,
  loudnessLufs: null,
};

/** Names of the steps, in the order in which they are taken: pauses are found better without noise, and are not loud. */
export const preprocessingSteps = ['denoise', 'trim', 'loudness'] as const;
export type PreprocessingStep = (typeof preprocessingSteps)[number];

/** The programme loudness of EBU R 128. */
const usualLoudnessLufs = -23;

/** The steps by name, loudness at −23 LUFS. */
export const preprocessingOf = (steps: readonly PreprocessingStep[]): Preprocessing => ({
  noiseReduction: steps.includes('denoise'),
  silenceRemoval: steps.includes('trim'),
  loudnessLufs: steps.includes('loudness') ? usualLoudnessLufs : null,
});

/** The names of the steps that are taken. */
export const stepsOf = ({
  noiseReduction,
  silenceRemoval,
  loudnessLufs,
}: Preprocessing): PreprocessingStep[] =>
  preprocessingSteps.filter(
    (step) => ({ denoise: noiseReduction, trim: silenceRemoval, loudness: loudnessLufs !== null })[step],
  );

/** 16 kHz `samples` after the steps; `samples` themselves where there are none. */
export function preprocess(samples: Int16Array, preprocessing: Preprocessing): Int16Array {
  if (stepsOf(preprocessing).length === 0) return samples;
  const { noiseReduction, silenceRemoval, loudnessLufs } = preprocessing;
  let heard = toFloat(samples);
  if (noiseReduction) heard = withoutNoise(heard);
  if (silenceRemoval) heard = withoutSilence(heard);
  if (loudnessLufs !== null) heard = atLoudness(heard, loudnessLufs, sampleRateHz);
  return toInt16(heard);
}
