import { SpectralDescriptors } from '@undertone/dsp';
import { type DescriptorName, descriptorNames, type FrameMeasures } from './frame-measures.ts';

/** The descriptors that a spec names, frame by frame. Live audio and training share it. */
export class FrameDescriptors {
  /** [D] of the frame pushed last, in the order of the names; not normalised. */
  readonly values: Float32Array;
  readonly #spectral: SpectralDescriptors;
  /** All there are, in the order of `descriptorNames`. */
  readonly #all = new Float64Array(descriptorNames.length);
  /** Where each of `values` is among them. */
  readonly #chosen: Uint8Array;

  /** @param bands log mel energies of a frame */
  constructor(names: readonly DescriptorName[], bands: number) {
    this.#spectral = new SpectralDescriptors(bands);
    this.#chosen = Uint8Array.from(names, (name) => descriptorNames.indexOf(name));
    this.values = new Float32Array(names.length);
  }

  /** Takes the next frame. */
  push({ logMel, waveform }: FrameMeasures): void {
    const all = this.#all;
    const spectral = this.#spectral;
    spectral.push(logMel);
    all[0] = waveform.energy;
    all[1] = waveform.peak;
    all[2] = waveform.zeroCrossings;
    all[3] = spectral.centroid;
    all[4] = spectral.entropy;
    all[5] = spectral.flux;
    all[6] = spectral.rollOff;
    for (let i = 0; i < this.values.length; i++) this.values[i] = all[this.#chosen[i]];
  }

  /** Forgets the frames before. */
  reset(): void {
    this.#spectral.reset();
  }
}
