import type { SpectrumSpec } from '../features/feature-spec.ts';
import { FrameDescriptors } from '../features/frame-descriptors.ts';
import type { DescriptorName } from '../features/frame-measures.ts';
import { FrameReader } from './frame-reader.ts';
import type { SpeechFrames } from './speech-frames.ts';

/** Mean and standard deviation of each of some features. */
export interface FeatureStatistics {
  mean: number[];
  deviation: number[];
}

/**
 * Statistics of each feature of the spectrum, and of each descriptor named, over the speech frames of `clips`: the
 * training data's, never the test's.
 * @throws Error when there is no speech in them
 */
export function featureStatistics(
  spec: SpectrumSpec,
  names: readonly DescriptorName[],
  clips: Iterable<SpeechFrames>,
): { spectrum: FeatureStatistics; descriptors: FeatureStatistics } {
  const reader = new FrameReader(spec);
  const descriptors = new FrameDescriptors(names, spec.mfcc.melBands);
  const values = spec.spectrum === 'log-mel' ? reader.logMel : reader.mfcc;
  const ofSpectrum = new RunningSums(values.length);
  const ofDescriptors = new RunningSums(names.length);
  for (const clip of clips) {
    descriptors.reset();
    for (let t = 0; t < clip.speech.length; t++) {
      // What changes from frame to frame is measured against silent ones as well.
      if (clip.speech[t] === 0 && names.length === 0) continue;
      reader.read(clip, t);
      descriptors.push(reader);
      if (clip.speech[t] === 0) continue;
      ofSpectrum.add(values);
      ofDescriptors.add(descriptors.values);
    }
  }
  return { spectrum: ofSpectrum.statistics(), descriptors: ofDescriptors.statistics() };
}

class RunningSums {
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(width: number) {
    this.#sum = new Float64Array(width);
    this.#squares = new Float64Array(width);
  }

  add(values: Float32Array): void {
    this.#count++;
    for (let i = 0; i < values.length; i++) {
      this.#sum[i] += values[i];
      this.#squares[i] += values[i] ** 2;
    }
  }

  statistics(): FeatureStatistics {
    if (this.#count === 0) throw new Error('no speech was found in the training data');
    const mean = Array.from(this.#sum, (total) => total / this.#count);
    const deviation = mean.map((m, i) => Math.sqrt(Math.max(1e-6, this.#squares[i] / this.#count - m * m)));
    return { mean, deviation };
  }
}
