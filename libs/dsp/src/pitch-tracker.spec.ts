import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PitchTracker } from './pitch-tracker.ts';

const sampleRateHz = 16_000;
const hop = 160;

/** Pitch (Hz) and voicing after each hop of `samples`. */
function track(samples: Int16Array, tracker = new PitchTracker(sampleRateHz)) {
  const hops: { hz: number; voicing: number }[] = [];
  for (let at = 0; at + hop <= samples.length; at += hop) {
    tracker.push(samples.subarray(at, at + hop), 0);
    hops.push({ hz: Math.exp(tracker.logHz), voicing: tracker.voicing });
  }
  return hops;
}

/** Half a second of a pulse train through resonances at `formantsHz`: a vowel. */
function vowel(pitchHz: number, formantsHz: number[], peak = 8_000): Int16Array {
  let signal = new Float64Array(sampleRateHz / 2);
  for (let pulse = 0; pulse * sampleRateHz < signal.length * pitchHz; pulse++) {
    const at = Math.floor((pulse * sampleRateHz) / pitchHz);
    if (at < signal.length) signal[at] = 1;
  }
  for (const formantHz of formantsHz) {
    const radius = Math.exp((-Math.PI * 90) / sampleRateHz);
    const cosine = 2 * radius * Math.cos((2 * Math.PI * formantHz) / sampleRateHz);
    const filtered = new Float64Array(signal.length);
    for (let i = 0; i < signal.length; i++) {
      filtered[i] = signal[i] + cosine * (filtered[i - 1] ?? 0) - radius ** 2 * (filtered[i - 2] ?? 0);
    }
    signal = filtered;
  }
  const largest = signal.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return Int16Array.from(signal, (value) => (peak * value) / largest);
}

const cents = (hz: number, expected: number) => Math.abs(1_200 * Math.log2(hz / expected));

describe('the pitch tracker', () => {
  it.each([70, 100, 150, 220, 330, 440])('finds %i Hz in a vowel, in no other octave', (pitchHz) => {
    for (const formants of [
      [300, 2_300],
      [500, 1_500],
      [750, 1_200],
    ]) {
      for (const { hz, voicing } of track(vowel(pitchHz, formants)).slice(10)) {
        expect(cents(hz, pitchHz)).toBeLessThan(40);
        expect(voicing).toBeGreaterThan(0.8);
      }
    }
  });

  it('finds the pitch of a telephone voice, whose fundamental is missing', () => {
    const harmonics = [3, 4, 5, 6, 7, 8];
    const samples = Int16Array.from({ length: 8_000 }, (_, i) =>
      harmonics.reduce((sum, k) => sum + 1_500 * Math.cos((2 * Math.PI * 120 * k * i) / sampleRateHz), 0),
    );
    for (const { hz } of track(samples).slice(10)) expect(cents(hz, 120)).toBeLessThan(40);
  });

  it('follows a glide', () => {
    let phase = 0;
    const samples = Int16Array.from({ length: sampleRateHz }, (_, i) => {
      phase += (120 * 2 ** (i / sampleRateHz)) / sampleRateHz;
      return 12_000 * ((phase % 1) - 0.5);
    });
    const hops = track(samples);
    // Half of the correlated span lies behind the hop's end: 20 ms or so.
    for (let k = 10; k < hops.length; k++)
      expect(cents(hops[k].hz, 120 * 2 ** ((k + 1) / 100))).toBeLessThan(60);
  });

  it('calls noise and silence unvoiced, and never says NaN', () => {
    let seed = 1;
    const noise = Int16Array.from({ length: 32_000 }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) | 0;
      return (seed >> 16) * 0.2;
    });
    const loud = track(noise);
    expect(loud.filter(({ voicing }) => voicing > 0.6).length / loud.length).toBeLessThan(0.1);
    for (const { voicing } of track(new Int16Array(8_000))) expect(voicing).toBe(0);
  });

  it('stays in range whatever it hears', () => {
    fc.assert(
      fc.property(fc.array(fc.int16Array({ minLength: 160, maxLength: 160 }), { maxLength: 10 }), (hops) => {
        const tracker = new PitchTracker(sampleRateHz);
        for (const samples of hops) {
          tracker.push(samples, 0);
          expect(tracker.voicing).toBeGreaterThanOrEqual(0);
          expect(tracker.voicing).toBeLessThanOrEqual(1);
          expect(Math.exp(tracker.logHz)).toBeGreaterThan(55);
          expect(Math.exp(tracker.logHz)).toBeLessThan(600);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('starts anew after a reset', () => {
    const tracker = new PitchTracker(sampleRateHz);
    const samples = vowel(200, [500]);
    const first = track(samples, tracker);
    tracker.reset();
    expect(track(samples, tracker)).toEqual(first);
  });
});
