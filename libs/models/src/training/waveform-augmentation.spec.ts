import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { augmentWaveform } from './waveform-augmentation.ts';
import { callEffects, type WaveformEffects, waveformEffectsSchema } from './waveform-options.ts';

/** A second of a voice-like buzz that swells. */
const speech = Int16Array.from({ length: 16_000 }, (_, i) => {
  const swell = 0.5 - 0.5 * Math.cos((2 * Math.PI * 3 * i) / 16_000);
  return swell * (((i % 107) / 107) * 12_000 - 6_000);
});
const off: WaveformEffects = {
  reverberation: { ...callEffects.reverberation, share: 0 },
  noise: { ...callEffects.noise, share: 0 },
  microphone: { ...callEffects.microphone, share: 0 },
  overdrive: { ...callEffects.overdrive, share: 0 },
  bandLimit: { ...callEffects.bandLimit, share: 0 },
  gain: { ...callEffects.gain, share: 0 },
  line: { opus: 0, muLaw: 0, aLaw: 0 },
  opus: callEffects.opus,
};
const each: [string, Partial<WaveformEffects>][] = [
  ['reverberation', { reverberation: { ...off.reverberation, share: 1 } }],
  ['white noise', { noise: { ...off.noise, share: 1, kinds: ['white'] } }],
  ['babble', { noise: { ...off.noise, share: 1, kinds: ['babble'] } }],
  ['microphone', { microphone: { ...off.microphone, share: 1 } }],
  ['overdrive', { overdrive: { ...off.overdrive, share: 1 } }],
  ['band limit', { bandLimit: { ...off.bandLimit, share: 1 } }],
  ['gain', { gain: { ...off.gain, share: 1 } }],
  ['Opus', { line: { opus: 1, muLaw: 0, aLaw: 0 } }],
  ['μ-law', { line: { opus: 0, muLaw: 1, aLaw: 0 } }],
  ['A-law', { line: { opus: 0, muLaw: 0, aLaw: 1 } }],
];
const vary = (effects: WaveformEffects, seed: number, voices: Int16Array[] = []) =>
  augmentWaveform(speech, effects, voices, new SeededRandom(seed));

describe('waveform augmentation', () => {
  it('changes nothing when every effect is off', async () => {
    expect(await vary(off, 1)).toEqual(speech);
  });

  it.each(each)(
    'with %s changes the recording, not its length, and the same way for a seed',
    async (_, on) => {
      const effects = waveformEffectsSchema.parse({ ...off, ...on });
      const before = speech.slice();
      const heard = await vary(effects, 5, [speech]);
      expect(heard).toHaveLength(speech.length);
      expect(heard).not.toEqual(speech);
      expect(await vary(effects, 5, [speech])).toEqual(heard);
      expect(speech).toEqual(before);
    },
  );

  it('draws other rooms, lines and levels under another seed', async () => {
    const effects = { ...off, ...each[0][1], ...each[6][1], ...each[7][1] };
    expect(await vary(effects, 1)).not.toEqual(await vary(effects, 2));
  });

  it('lets each effect happen to its share of the variants', async () => {
    const effects = { ...off, gain: { share: 0.3, db: [-6, -6] as [number, number] } };
    let quieter = 0;
    for (let seed = 0; seed < 300; seed++) {
      if (
        (await augmentWaveform(speech.subarray(200, 300), effects, [], new SeededRandom(seed)))[0] !==
        speech[200]
      )
        quieter++;
    }
    expect(quieter / 300).toBeCloseTo(0.3, 1);
  });

  it('puts pink noise where babble lacks voices', async () => {
    const babble = { ...off, noise: { ...off.noise, share: 1, kinds: ['babble' as const] } };
    const pink = { ...off, noise: { ...off.noise, share: 1, kinds: ['pink' as const] } };
    expect(await vary(babble, 3)).toEqual(await vary(pink, 3));
    expect(await vary(babble, 3, [speech])).not.toEqual(await vary(pink, 3));
  });

  it.each([
    [{ line: { opus: 0.6, muLaw: 0.3, aLaw: 0.3 } }, /shares of the lines exceed 1/],
    [{ noise: { share: 1, snrDb: [30, 5], kinds: ['white'] } }, /lowest must come first/],
    [{ opus: { ...callEffects.opus, lossPercent: [0, 90] } }, /<=40/],
  ])('refuses %j', (wrong, message) => {
    const parsed = waveformEffectsSchema.safeParse({ ...callEffects, ...wrong });
    expect(parsed.error?.message).toMatch(message);
  });
});
