import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { channelNames, channelSeed, throughChannel } from './channel.ts';
import { throughMuLaw } from './mu-law.ts';

/** A second of a voice-like buzz that swells. */
const speech = Int16Array.from({ length: 16_000 }, (_, i) => {
  const swell = 0.5 - 0.5 * Math.cos((2 * Math.PI * 3 * i) / 16_000);
  return swell * (((i % 107) / 107) * 12_000 - 6_000);
});

const power = (samples: ArrayLike<number>) =>
  Array.from(samples).reduce((sum, sample) => sum + sample * sample, 0) / samples.length;

const tone = (hz: number) =>
  Int16Array.from({ length: 16_000 }, (_, i) => 8_000 * Math.sin((2 * Math.PI * hz * i) / 16_000));

describe('a channel', () => {
  it.each(channelNames)('%s keeps the length and is the same for the same seed', async (channel) => {
    const heard = await throughChannel(channel, speech, 7);
    expect(heard).toHaveLength(speech.length);
    expect(await throughChannel(channel, speech, 7)).toEqual(heard);
  });

  it('with Opus loses other packets under another seed, and still sounds alike', async () => {
    const heard = await throughChannel('opus16-loss10', speech, 1);
    expect(await throughChannel('opus16-loss10', speech, 2)).not.toEqual(heard);
    expect(power(heard) / power(speech)).toBeGreaterThan(0.3);
    expect(power(heard) / power(speech)).toBeLessThan(2);
  });

  it('with G.711 takes away what telephones do not carry', async () => {
    expect(power(await throughChannel('g711', tone(1_000), 0)) / power(tone(1_000))).toBeCloseTo(1, 1);
    expect(power(await throughChannel('g711', tone(6_000), 0)) / power(tone(6_000))).toBeLessThan(1e-3);
  });

  it('with noise has it 10 dB below the speech', async () => {
    const clean = tone(500);
    const noise = (await throughChannel('noise10', clean, 3)).map((sample, i) => sample - clean[i]);
    expect(10 * Math.log10(power(clean) / power(noise))).toBeCloseTo(10, 1);
  });

  it('takes silence as it is', async () => {
    for (const channel of channelNames) {
      expect(power(await throughChannel(channel, new Int16Array(3_200), 1))).toBeLessThan(2);
    }
    expect(await throughChannel('noise10', new Int16Array(0), 1)).toHaveLength(0);
  });
});

it('seeds by the name of the file, not its folder', () => {
  expect(channelSeed('/a/b/03a01Fa.wav')).toBe(channelSeed('/c/03a01Fa.wav'));
  expect(channelSeed('/a/03a01Fa.wav')).not.toBe(channelSeed('/a/03a01Fb.wav'));
});

describe('μ-law', () => {
  it('has the levels of G.711: the first, the last, and zero', () => {
    // Decision and output values of ITU-T G.711 table 2a, times four.
    expect(throughMuLaw(0)).toBe(0);
    expect(throughMuLaw(8)).toBe(8);
    expect(throughMuLaw(32_767)).toBe(32_124);
    expect(throughMuLaw(-32_768)).toBe(-32_124);
  });

  it('keeps every level that it has, and errs by less than a sixteenth of the others', () => {
    const random = new SeededRandom(1);
    for (let i = 0; i < 1_000; i++) {
      const sample = Math.round(random.between(-32_000, 32_000));
      const heard = throughMuLaw(sample);
      expect(throughMuLaw(heard)).toBe(heard);
      expect(Math.abs(heard - sample)).toBeLessThanOrEqual(Math.abs(sample) / 16 + 8);
    }
  });
});
