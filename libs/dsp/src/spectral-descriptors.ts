/** Share of the energy that lies below the roll-off (Tzanetakis & Cook 2002 take 85 %). */
const rollOffShare = 0.85;

/**
 * The shape of a frame's spectrum, read from its log mel energies E[b], b = 0 … bands − 1, so that whatever is done to
 * those (augmentation, noise) holds here too. The mel bands are spaced as hearing is, and pre-emphasis flattens speech:
 * these are not the numbers of a linear spectrum in Hz. With p[b] = exp E[b] / Σ exp E, none depends on level.
 * Read the fields after `push`, which allocates nothing.
 */
export class SpectralDescriptors {
  /** Σ b · p[b]: the mean band. */
  centroid = 0;
  /** −Σ p[b] · ln p[b]: 0 for a single band, ln bands for a flat spectrum (Misra et al. 2004). */
  entropy = 0;
  /** Mean over the bands of |E[b] − E[b] one hop before|, nepers; 0 for the first frame. */
  flux = 0;
  /** The band below which 85 % of the energy lies, in bands from the lower end, linear within the band. */
  rollOff = 0;
  readonly #energies: Float64Array;
  readonly #before: Float32Array;
  #isFirst = true;

  constructor(bands: number) {
    this.#energies = new Float64Array(bands);
    this.#before = new Float32Array(bands);
  }

  /** Takes the log mel energies of the next frame. */
  push(logMel: Float32Array): void {
    const energies = this.#energies;
    const before = this.#before;
    const bands = energies.length;
    let total = 0;
    let moment = 0;
    let flux = 0;
    for (let b = 0; b < bands; b++) {
      const log = logMel[b];
      const energy = Math.exp(log);
      energies[b] = energy;
      total += energy;
      moment += b * energy;
      flux += Math.abs(log - before[b]);
      before[b] = log;
    }
    let entropy = 0;
    let below = 0;
    let rollOff = 0;
    for (let b = 0; b < bands; b++) {
      const share = energies[b] / total;
      entropy -= share * Math.log(share);
      if (below < rollOffShare) rollOff = b + Math.min(1, (rollOffShare - below) / share);
      below += share;
    }
    this.centroid = moment / total;
    this.entropy = entropy;
    this.flux = this.#isFirst ? 0 : flux / bands;
    this.rollOff = rollOff;
    this.#isFirst = false;
  }

  /** Forgets the frame before. */
  reset(): void {
    this.#isFirst = true;
  }
}
