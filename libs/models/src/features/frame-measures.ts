import type { SpectralDescriptors, WaveformDescriptors } from '@undertone/dsp';
import type { Pitch } from './pitch-normaliser.ts';

/** What is measured of one frame of 10 ms before it is normalised, live as in training. */
export interface FrameMeasures {
  /** [coefficients]; not looked at where the model is given log mel energies. */
  readonly mfcc: Float32Array;
  /** [melBands] natural logarithms of the mel energies. */
  readonly logMel: Float32Array;
  readonly pitch: Readonly<Pitch>;
  readonly waveform: Readonly<WaveformMeasures>;
}

/** What the log mel energies can't say; see `WaveformDescriptors`. */
type WaveformMeasures = Pick<WaveformDescriptors, 'energy' | 'peak' | 'zeroCrossings'>;

/** Descriptors of a frame that a model may be given beside spectrum and pitch; see `WaveformDescriptors` and `SpectralDescriptors`. */
export const descriptorNames = [
  'energy',
  'peak',
  'zeroCrossings',
  'centroid',
  'entropy',
  'flux',
  'rollOff',
] as const satisfies (keyof (WaveformDescriptors & SpectralDescriptors))[];
export type DescriptorName = (typeof descriptorNames)[number];
