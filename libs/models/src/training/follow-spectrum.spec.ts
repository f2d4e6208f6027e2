import { fileURLToPath } from 'node:url';
import { defaultMfccOptions } from '@undertone/dsp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSpeech } from '../corpus/read-speech.ts';
import { SeededRandom } from '../seeded-random.ts';
import { extractFrames } from './extract-frames.ts';
import { FollowSpectrum } from './follow-spectrum.ts';

const bands = defaultMfccOptions.melBands;
const sentence = fileURLToPath(new URL('../../../../test/fixtures/speech/11b09Fd.wav', import.meta.url));
const columns = ['energy', 'peak', 'zeroCrossings'];

/**
 * Mean distance over the speech from the descriptors of `changed` samples: of the plain ones moved by the change of the
 * spectrum alone, and of the plain ones as they are.
 */
function distances(plainSamples: Int16Array, changed: Int16Array, gain = 0) {
  const plain = extractFrames(plainSamples, defaultMfccOptions, true);
  const real = extractFrames(changed, defaultMfccOptions, true);
  const moved = { ...real, waveform: plain.waveform!.slice() };
  new FollowSpectrum(bands).apply(plain.logMel, moved, gain);
  const speech = plain.speech.reduce((sum, value) => sum + value, 0);
  const apart = (waveform: Float32Array, column: number) => {
    let sum = 0;
    for (let t = 0; t < plain.speech.length; t++) {
      if (plain.speech[t] === 1) sum += Math.abs(waveform[3 * t + column] - real.waveform![3 * t + column]);
    }
    return sum / speech;
  };
  return Object.fromEntries(
    columns.map((name, i) => [name, { moved: apart(moved.waveform, i), plain: apart(plain.waveform!, i) }]),
  );
}

describe('the waveform’s descriptors', () => {
  let samples: Int16Array;
  beforeAll(async () => {
    samples = await readSpeech(sentence);
  });

  it('follow a change of level', () => {
    const louder = distances(
      samples,
      samples.map((sample) => Math.round(1.4 * sample)),
      2 * Math.log(1.4),
    );
    expect(louder.energy.plain).toBeCloseTo(2 * Math.log(1.4), 2);
    expect(louder.energy.moved).toBeLessThan(0.02);
    expect(louder.peak.moved).toBeLessThan(0.02);
    expect(louder.zeroCrossings.moved).toBeLessThan(0.01);
  });

  it('follow noise that covers the speech', () => {
    const random = new SeededRandom(1);
    const power = samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length;
    const noisy = samples.map((sample) => sample + Math.sqrt(power / 10) * random.normal());
    const { energy, peak, zeroCrossings } = distances(samples, noisy);
    expect(energy.plain).toBeGreaterThan(1);
    expect(energy.moved).toBeLessThan(0.1);
    expect(peak.moved).toBeLessThan(peak.plain / 3);
    expect(zeroCrossings.moved).toBeLessThan(zeroCrossings.plain / 3);
  });

  it('follow another frequency response', () => {
    const bright = samples.map((sample, i) => Math.round(0.9 * (sample - 0.7 * (samples[i - 1] ?? 0))));
    const { energy, peak, zeroCrossings } = distances(samples, bright);
    expect(energy.moved).toBeLessThan(energy.plain / 5);
    expect(peak.moved).toBeLessThan(peak.plain / 3);
    expect(zeroCrossings.moved).toBeLessThan(zeroCrossings.plain / 2);
  });

  it('rise from digital silence to the level of noise that is put there', () => {
    const random = new SeededRandom(2);
    const silence = new Int16Array(8_000);
    const noise = extractFrames(
      silence.map(() => 200 * random.normal()),
      defaultMfccOptions,
      true,
    );
    const { logMel, waveform } = extractFrames(silence, defaultMfccOptions, true);
    const moved = { ...noise, waveform: waveform!.slice() };
    new FollowSpectrum(bands).apply(logMel, moved, 0);
    for (let t = 0; t < noise.speech.length; t++) {
      expect(Math.abs(moved.waveform[3 * t] - noise.waveform![3 * t])).toBeLessThan(0.5);
    }
  });

  it('stay where they are when nothing changes', () => {
    const { logMel, waveform, ...rest } = extractFrames(samples, defaultMfccOptions, true);
    const same = { ...rest, logMel, waveform: waveform!.slice() };
    new FollowSpectrum(bands).apply(logMel, same, 0);
    for (const [i, value] of same.waveform.entries()) expect(value).toBeCloseTo(waveform![i], 5);
  });
});
