import { type SpectrumSpec, spectrumFeatureCount } from '../features/feature-spec.ts';
import { SpectrumFrames } from './spectrum-frames.ts';
import type { SpeechFrames } from './speech-frames.ts';

/** Mean and deviation of each feature of the spectrum over the speech frames of `clips`: the training data's, never the test's. */
export function featureStatistics(
  spec: SpectrumSpec,
  clips: Iterable<SpeechFrames>,
): { mean: number[]; deviation: number[] } {
  const spectra = new SpectrumFrames(spec);
  const { spectrum } = spectra;
  const sum = new Float64Array(spectrumFeatureCount(spec));
  const squares = new Float64Array(sum.length);
  let count = 0;
  for (const { bands, logMel, speech } of clips) {
    for (let frame = 0; frame < speech.length; frame++) {
      if (speech[frame] === 0) continue;
      spectra.read(logMel, frame * bands);
      count++;
      for (let i = 0; i < spectrum.length; i++) {
        sum[i] += spectrum[i];
        squares[i] += spectrum[i] ** 2;
      }
    }
  }
  if (count === 0) throw new Error('no speech was found in the training data');
  const mean = Array.from(sum, (total) => total / count);
  const deviation = mean.map((m, i) => Math.sqrt(Math.max(1e-6, squares[i] / count - m * m)));
  return { mean, deviation };
}
