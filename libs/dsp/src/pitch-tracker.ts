/** Voices, children and shouting included. */
const lowestHz = 60;
const highestHz = 500;
/** The signal is searched at a quarter of its rate: pitch and the harmonics that carry it lie below 1.5 kHz. */
const decimation = 4;
const filterTaps = 31;
const middleTap = (filterTaps - 1) / 2;
/** Samples that are filtered at once. */
const blockSamples = 256;
const filterCutoffHz = 1_300;
/** Lags that are tried at once, and samples that are multiplied at once; divides the window. */
const lagsAtOnce = 4;
/** What is compared with itself: two periods of the lowest voices. */
const correlationMs = 30;
/** Added to the energies (full scale 1): what is below it, −66 dBFS, counts as unvoiced. */
const energyFloor = 2.5e-7;
/** A period twice as long fits as well as the true one; it costs this much correlation an octave. */
const octaveCost = 0.02;
/** Jumps from the last voiced pitch cost this much correlation an octave. */
const jumpCost = 0.08;
/** A pitch is followed from this correlation on. */
const voicedCorrelation = 0.5;
const unvoicedLogHz = Math.log(160);

/**
 * Pitch and voicing of a stream of samples, causal: the normalised cross-correlation of the newest 30 ms with what came
 * one period earlier (Talkin 1995, "A robust algorithm for pitch tracking", without its look-ahead), peaks refined by a
 * parabola; costs for octaves and jumps choose among them. `push` allocates nothing.
 */
export class PitchTracker {
  /** Natural logarithm of the pitch in Hz; of the last voiced hop where this one is unvoiced. */
  logHz = unvoicedLogHz;
  /** 0…1: how alike successive periods are. */
  voicing = 0;
  readonly #rateHz: number;
  readonly #filter: Float64Array;
  /** The newest samples at the full rate: what the filter still needs, then what came since. */
  readonly #input = new Float64Array(filterTaps + blockSamples);
  #inputCount = filterTaps - decimation;
  /** The newest samples at the low rate, oldest first. */
  readonly #history: Float64Array;
  readonly #window: number;
  readonly #shortestLag: number;
  readonly #correlations: Float64Array;

  constructor(sampleRateHz: number) {
    this.#rateHz = sampleRateHz / decimation;
    this.#filter = lowPass(filterCutoffHz / sampleRateHz);
    this.#window = lagsAtOnce * Math.round((correlationMs * this.#rateHz) / (1_000 * lagsAtOnce));
    this.#shortestLag = Math.floor(this.#rateHz / highestHz);
    const longestLag = Math.ceil(this.#rateHz / lowestHz);
    // One lag more on either side, for the parabola.
    this.#correlations = new Float64Array(longestLag - this.#shortestLag + 3);
    this.#history = new Float64Array(this.#window + longestLag + 1);
  }

  /** Takes `samples` from index `from` on and finds the pitch at their end. */
  push(samples: Int16Array, from: number): void {
    const input = this.#input;
    for (let at = from; at < samples.length; ) {
      const end = Math.min(samples.length, at + input.length - this.#inputCount);
      while (at < end) input[this.#inputCount++] = samples[at++] / 32_768;
      this.#decimate();
    }
    this.#correlate();
    this.#choose();
  }

  /** Forgets everything heard. */
  reset(): void {
    this.#input.fill(0);
    this.#inputCount = filterTaps - decimation;
    this.#history.fill(0);
    this.logHz = unvoicedLogHz;
    this.voicing = 0;
  }

  /** Moves what is waiting in `#input` on to `#history`, but for the samples that the next output needs. */
  #decimate(): void {
    const input = this.#input;
    const filter = this.#filter;
    const history = this.#history;
    const outputs = Math.max(0, Math.floor((this.#inputCount - filterTaps) / decimation) + 1);
    history.copyWithin(0, outputs);
    let at = 0;
    for (let k = history.length - outputs; k < history.length; k++, at += decimation) {
      let sum = filter[middleTap] * input[at + middleTap];
      // The filter is symmetric.
      for (let i = 0, j = at + filterTaps - 1; i < middleTap; i++, j--)
        sum += filter[i] * (input[at + i] + input[j]);
      history[k] = sum;
    }
    input.copyWithin(0, at, this.#inputCount);
    this.#inputCount -= at;
  }

  /** correlations[i] belongs to the lag `#shortestLag − 1 + i`. */
  #correlate(): void {
    const history = this.#history;
    const correlations = this.#correlations;
    const window = this.#window;
    const count = correlations.length;
    const start = history.length - window;
    const firstLag = this.#shortestLag - 1;
    for (let i = 0; i < count; i += lagsAtOnce)
      this.#multiply(start - firstLag - Math.min(i, count - lagsAtOnce), Math.min(i, count - lagsAtOnce));
    let energy = 0;
    let earlierEnergy = 0;
    for (let i = start; i < history.length; i++) {
      energy += history[i] * history[i];
      earlierEnergy += history[i - firstLag] * history[i - firstLag];
    }
    const floor = energyFloor * window;
    for (let i = 0; i < count; i++) {
      const earlier = start - firstLag - i;
      if (i > 0) earlierEnergy += history[earlier] ** 2 - history[earlier + window] ** 2;
      correlations[i] /= Math.sqrt((energy + floor) * (Math.max(0, earlierEnergy) + floor));
    }
  }

  /**
   * Products of the newest window with those that begin at `earlier` and at the `lagsAtOnce` − 1 samples before it, into
   * `#correlations` from `into` on. A sample once read serves all lags.
   */
  #multiply(earlier: number, into: number): void {
    const history = this.#history;
    const start = history.length - this.#window;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    let before1 = history[earlier - 1];
    let before2 = history[earlier - 2];
    let before3 = history[earlier - 3];
    for (let now = start, then = earlier; now < history.length; now += lagsAtOnce, then += lagsAtOnce) {
      const now0 = history[now];
      const now1 = history[now + 1];
      const now2 = history[now + 2];
      const now3 = history[now + 3];
      const then0 = history[then];
      const then1 = history[then + 1];
      const then2 = history[then + 2];
      const then3 = history[then + 3];
      sum0 += now0 * then0 + now1 * then1 + now2 * then2 + now3 * then3;
      sum1 += now0 * before1 + now1 * then0 + now2 * then1 + now3 * then2;
      sum2 += now0 * before2 + now1 * before1 + now2 * then0 + now3 * then1;
      sum3 += now0 * before3 + now1 * before2 + now2 * before1 + now3 * then0;
      before1 = then3;
      before2 = then2;
      before3 = then1;
    }
    const correlations = this.#correlations;
    correlations[into] = sum0;
    correlations[into + 1] = sum1;
    correlations[into + 2] = sum2;
    correlations[into + 3] = sum3;
  }

  #choose(): void {
    const correlations = this.#correlations;
    const firstLag = this.#shortestLag - 1;
    let bestScore = Number.NEGATIVE_INFINITY;
    let bestHeight = 0;
    let bestLag = 0;
    for (let i = 1; i < correlations.length - 1; i++) {
      const here = correlations[i];
      const before = correlations[i - 1];
      const after = correlations[i + 1];
      if (here <= 0 || here < before || here <= after) continue;
      const shift = (before - after) / (2 * (before - 2 * here + after));
      const lag = firstLag + i + shift;
      const height = here - 0.25 * (before - after) * shift;
      const octaves = Math.log2(lag / this.#shortestLag);
      let score = height - octaveCost * octaves;
      if (this.voicing >= voicedCorrelation) {
        score -= jumpCost * Math.abs(Math.log2(this.#rateHz / lag) - this.logHz / Math.LN2);
      }
      if (score <= bestScore) continue;
      bestScore = score;
      bestHeight = height;
      bestLag = lag;
    }
    this.voicing = Math.min(1, bestHeight);
    if (this.voicing >= voicedCorrelation) this.logHz = Math.log(this.#rateHz / bestLag);
  }
}

/** Windowed-sinc low pass (Hamming) of unit gain at 0; `cutoff` in cycles a sample. */
function lowPass(cutoff: number): Float64Array {
  const weights = Float64Array.from({ length: filterTaps }, (_, i) => {
    const x = 2 * Math.PI * cutoff * (i - middleTap);
    return (x === 0 ? 1 : Math.sin(x) / x) * (0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (filterTaps - 1)));
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
