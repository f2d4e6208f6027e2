import { CepstralTransform, type MfccOptions } from '@undertone/dsp';
import type { SpeechFrames } from './speech-frames.ts';

/** Mean and deviation of each MFCC over the speech frames of `clips`: the training data's, never the test's. */
export function featureStatistics(
  mfcc: MfccOptions,
  clips: Iterable<SpeechFrames>,
): { mean: number[]; deviation: number[] } {
  const transform = new CepstralTransform(mfcc.coefficients, mfcc.melBands, mfcc.lifter);
  const logBands = new Float64Array(mfcc.melBands);
  const coefficients = new Float32Array(mfcc.coefficients);
  const sum = new Float64Array(mfcc.coefficients);
  const squares = new Float64Array(mfcc.coefficients);
  let count = 0;
  for (const { bands, logMel, speech } of clips) {
    for (let frame = 0; frame < speech.length; frame++) {
      if (speech[frame] === 0) continue;
      logBands.set(logMel.subarray(frame * bands, (frame + 1) * bands));
      transform.apply(logBands, coefficients);
      count++;
      for (let i = 0; i < coefficients.length; i++) {
        sum[i] += coefficients[i];
        squares[i] += coefficients[i] ** 2;
      }
    }
  }
  if (count === 0) throw new Error('no speech was found in the training data');
  const mean = Array.from(sum, (total) => total / count);
  const deviation = mean.map((m, i) => Math.sqrt(Math.max(1e-6, squares[i] / count - m * m)));
  return { mean, deviation };
}
