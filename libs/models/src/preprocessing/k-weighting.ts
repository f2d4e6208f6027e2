import type { Biquad } from './biquad.ts';

/*
 * The two filters of ITU-R BS.1770-4 annex 1 are tabulated for 48 kHz alone. These are the analogue filters behind the table, as
 * found by Brecht De Man ("Evaluation of implementations of the EBU R128 loudness measurement", AES 145, 2018) and used by
 * libebur128; the bilinear transform brings them to any rate. At 48 kHz they give the table; at
 * 16 kHz, speech reads up to 0.1 LU more than at 48.
 */
const shelf = { hz: 1_681.974450955533, gainDb: 3.999843853973347, q: 0.7071752369554196 };
const highPass = { hz: 38.13547087602444, q: 0.5003270373238773 };
const shelfExponent = 0.4996667741545416;

/** K-weighting: the head's effect on treble, and the ear's deafness to rumble. */
export function kWeighting(sampleRateHz: number): Biquad[] {
  return [headShelf(sampleRateHz), rumbleCut(sampleRateHz)];
}

function headShelf(sampleRateHz: number): Biquad {
  const k = Math.tan((Math.PI * shelf.hz) / sampleRateHz);
  const high = 10 ** (shelf.gainDb / 20);
  const middle = high ** shelfExponent;
  const a0 = 1 + k / shelf.q + k * k;
  return {
    b0: (high + (middle * k) / shelf.q + k * k) / a0,
    b1: (2 * (k * k - high)) / a0,
    b2: (high - (middle * k) / shelf.q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / shelf.q + k * k) / a0,
  };
}

function rumbleCut(sampleRateHz: number): Biquad {
  const k = Math.tan((Math.PI * highPass.hz) / sampleRateHz);
  const a0 = 1 + k / highPass.q + k * k;
  // The table's numerator is 1, −2, 1, whatever the gain that leaves.
  return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / highPass.q + k * k) / a0 };
}
