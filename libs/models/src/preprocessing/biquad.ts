/** A second-order filter section: y[n] = b0·x[n] + b1·x[n−1] + b2·x[n−2] − a1·y[n−1] − a2·y[n−2]. */
export interface Biquad {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

/*
 * Designs after Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients" (W3C note 2021).
 * `hz` lies below half the sample rate.
 */

/** −3 dB at `hz` where `q` is √½. */
export function lowPass(hz: number, q: number, sampleRateHz: number): Biquad {
  const { cos, alpha } = angle(hz, q, sampleRateHz);
  const b1 = 1 - cos;
  return normalised(b1 / 2, b1, b1 / 2, 1 + alpha, -2 * cos, 1 - alpha);
}

/** −3 dB at `hz` where `q` is √½. */
export function highPass(hz: number, q: number, sampleRateHz: number): Biquad {
  const { cos, alpha } = angle(hz, q, sampleRateHz);
  const b1 = -(1 + cos);
  return normalised(-b1 / 2, b1, -b1 / 2, 1 + alpha, -2 * cos, 1 - alpha);
}

/** `gainDb` at `hz`, nothing far from it. */
export function peaking(hz: number, q: number, gainDb: number, sampleRateHz: number): Biquad {
  const { cos, alpha } = angle(hz, q, sampleRateHz);
  const amplitude = 10 ** (gainDb / 40);
  return normalised(
    1 + alpha * amplitude,
    -2 * cos,
    1 - alpha * amplitude,
    1 + alpha / amplitude,
    -2 * cos,
    1 - alpha / amplitude,
  );
}

/** `gainDb` far above `hz`, half of it there. */
export function highShelf(hz: number, q: number, gainDb: number, sampleRateHz: number): Biquad {
  const { cos, alpha } = angle(hz, q, sampleRateHz);
  const amplitude = 10 ** (gainDb / 40);
  const [more, less] = [amplitude + 1, amplitude - 1];
  const slope = 2 * Math.sqrt(amplitude) * alpha;
  return normalised(
    amplitude * (more + less * cos + slope),
    -2 * amplitude * (less + more * cos),
    amplitude * (more + less * cos - slope),
    more - less * cos + slope,
    2 * (less - more * cos),
    more - less * cos - slope,
  );
}

/** Sections of a Butterworth low-pass filter of twice as many orders: −3 dB at `hz`, flat below. */
export function butterworthLowPass(hz: number, sections: number, sampleRateHz: number): Biquad[] {
  return Array.from({ length: sections }, (_, k) =>
    lowPass(hz, 0.5 / Math.cos((Math.PI * (2 * k + 1)) / (4 * sections)), sampleRateHz),
  );
}

/** `samples` through `sections`, one after the other, from rest. */
export function filtered(samples: Float32Array, sections: readonly Biquad[]): Float32Array {
  const result = samples.slice();
  for (const { b0, b1, b2, a1, a2 } of sections) {
    // Transposed direct form II: two numbers of state.
    let [s1, s2] = [0, 0];
    for (let i = 0; i < result.length; i++) {
      const x = result[i];
      const y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2;
      s2 = b2 * x - a2 * y;
      result[i] = y;
    }
  }
  return result;
}

function angle(hz: number, q: number, sampleRateHz: number) {
  const omega = (2 * Math.PI * hz) / sampleRateHz;
  return { cos: Math.cos(omega), alpha: Math.sin(omega) / (2 * q) };
}

const normalised = (b0: number, b1: number, b2: number, a0: number, a1: number, a2: number): Biquad => ({
  b0: b0 / a0,
  b1: b1 / a0,
  b2: b2 / a0,
  a1: a1 / a0,
  a2: a2 / a0,
});
