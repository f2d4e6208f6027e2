import { defaultMfccOptions } from '@undertone/dsp';
import type { FeatureSpec } from '../features/feature-spec.ts';
import { pitchWeight } from '../features/pitch-normaliser.ts';
import { featureStatistics } from './feature-statistics.ts';
import type { TrainingClip } from './training-clip.ts';
import type { TrainingConfig } from './training-config.ts';

/** The extractor's options with this run's numbers of bands and coefficients; the schema fixes the rest. */
export const mfccOf = ({ melBands, coefficients }: TrainingConfig['features']): FeatureSpec['mfcc'] =>
  ({ ...defaultMfccOptions, melBands, coefficients }) as FeatureSpec['mfcc'];

/** What the configuration says of the features, with the statistics of the training clips. */
export function trainedFeatureSpec(
  features: TrainingConfig['features'],
  training: readonly TrainingClip[],
): FeatureSpec {
  const { spectrum, deltas, pitch, descriptors, framesPerStep, contextFrames, priorFrames, memoryFrames } =
    features;
  const mfcc = mfccOf(features);
  const statistics = featureStatistics(
    { mfcc, spectrum },
    descriptors,
    training.map(({ frames }) => frames),
  );
  return {
    rules: 1,
    mfcc,
    spectrum,
    deltas,
    ...(pitch && { pitch: pitchSpec(training) }),
    ...(descriptors.length > 0 && { descriptors: { names: descriptors, ...statistics.descriptors } }),
    framesPerStep,
    contextFrames,
    normalisation: { ...statistics.spectrum, priorFrames, memoryFrames },
  };
}

/** Half a second of voiced speech weighs as much as the mean of the training data. */
const pitchPriorFrames = 50;
const pitchMemoryFrames = 3_000;

function pitchSpec(training: readonly TrainingClip[]): NonNullable<FeatureSpec['pitch']> {
  let sum = 0;
  let weights = 0;
  for (const { frames } of training) {
    for (let frame = 0; frame < frames.speech.length; frame++) {
      const weight = frames.speech[frame] * pitchWeight(frames.pitch[2 * frame + 1]);
      weights += weight;
      sum += weight * frames.pitch[2 * frame];
    }
  }
  if (weights === 0) throw new Error('no voiced speech was found in the training data');
  return { meanLogHz: sum / weights, priorFrames: pitchPriorFrames, memoryFrames: pitchMemoryFrames };
}
