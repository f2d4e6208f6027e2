import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSpeech } from '../corpus/read-speech.ts';
import { toFloat } from './int16.ts';
import { kWeighting } from './k-weighting.ts';
import { atLoudness, integratedLoudnessLufs } from './loudness.ts';

/** A 1 kHz sine, in parts of a level (of its peaks) and a length each. */
function sine(sampleRateHz: number, ...parts: [dbfs: number, seconds: number][]): Float32Array {
  const levels = parts.flatMap(([dbfs, seconds]) =>
    new Array(Math.round(seconds * sampleRateHz)).fill(10 ** (dbfs / 20)),
  );
  return Float32Array.from(levels, (level, i) => level * Math.sin((2 * Math.PI * 1_000 * i) / sampleRateHz));
}
/** The test signals are for two channels alike; one alone is 3.01 LU quieter. */
const oneChannelLu = 10 * Math.log10(2);

describe('integrated loudness', () => {
  it('weighs as BS.1770-4 tabulates for 48 kHz', () => {
    const [shelf, highPass] = kWeighting(48_000);
    const wanted = { b0: 1.53512485958697, b1: -2.69169618940638, b2: 1.19839281085285 };
    for (const [name, value] of Object.entries(wanted)) expect(shelf[name as 'b0']).toBeCloseTo(value, 10);
    expect([shelf.a1, shelf.a2]).toEqual([
      expect.closeTo(-1.69065929318241, 10),
      expect.closeTo(0.73248077421585, 10),
    ]);
    expect([highPass.b0, highPass.b1, highPass.b2]).toEqual([1, -2, 1]);
    expect([highPass.a1, highPass.a2]).toEqual([
      expect.closeTo(-1.99004745483398, 10),
      expect.closeTo(0.99007225036621, 10),
    ]);
  });

  it.each([16_000, 48_000])('of a full-scale sine in one channel is −3.01 LUFS, at %i Hz', (sampleRateHz) => {
    expect(integratedLoudnessLufs(sine(sampleRateHz, [0, 5]), sampleRateHz)).toBeCloseTo(-3.01, 1);
  });

  // EBU Tech 3341, minimum requirements 1 to 5, within its ± 0.1 LU.
  it.each([
    ['a steady level', [[-23, 20]], -23],
    ['a lower one', [[-33, 20]], -33],
    [
      'quiet ends, which the relative gate leaves out',
      [
        [-36, 10],
        [-23, 60],
        [-36, 10],
      ],
      -23,
    ],
    [
      'near-silent ends, which the absolute gate leaves out',
      [
        [-72, 10],
        [-36, 10],
        [-23, 60],
        [-36, 10],
        [-72, 10],
      ],
      -23,
    ],
    [
      'levels that pass the gate',
      [
        [-26, 20],
        [-20, 20.1],
        [-26, 20],
      ],
      -23,
    ],
  ] as [string, [number, number][], number][])('of %s is what EBU Tech 3341 says', (_, parts, wantedLufs) => {
    const measured = integratedLoudnessLufs(sine(16_000, ...parts), 16_000) + oneChannelLu;
    expect(Math.abs(measured - wantedLufs)).toBeLessThan(0.1);
  });

  it('of speech is what ffmpeg measures', async () => {
    const golden = new URL('../../golden/ffmpeg-ebur128.json', import.meta.url);
    const { integratedLufs } = JSON.parse(readFileSync(golden, 'utf8'));
    for (const [name, wantedLufs] of Object.entries<number>(integratedLufs)) {
      const file = fileURLToPath(new URL(`../../../../test/fixtures/speech/${name}`, import.meta.url));
      const measuredLufs = integratedLoudnessLufs(toFloat(await readSpeech(file)), 16_000);
      expect(Math.abs(measuredLufs - wantedLufs)).toBeLessThan(0.01);
    }
  });

  it('of silence, and of nothing, is −∞', () => {
    expect(integratedLoudnessLufs(new Float32Array(16_000), 16_000)).toBe(Number.NEGATIVE_INFINITY);
    expect(integratedLoudnessLufs(new Float32Array(0), 16_000)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('is measured of recordings shorter than a block', () => {
    expect(integratedLoudnessLufs(sine(16_000, [-20, 0.2]), 16_000)).toBeCloseTo(-23.01, 0);
  });
});

describe('loudness normalisation', () => {
  it('reaches its target, up and down', () => {
    for (const dbfs of [-50, -10]) {
      const brought = atLoudness(sine(16_000, [dbfs, 3]), -23, 16_000);
      expect(integratedLoudnessLufs(brought, 16_000)).toBeCloseTo(-23, 3);
    }
  });

  it('stops where peaks would be clipped', () => {
    const quiet = sine(16_000, [-50, 3]);
    quiet[100] = 0.4;
    const brought = atLoudness(quiet, -23, 16_000);
    expect(brought[100]).toBeCloseTo(10 ** (-1 / 20), 5);
    expect(brought[3_000] / quiet[3_000]).toBeCloseTo(brought[100] / 0.4, 3);
  });

  it('leaves silence alone', () => {
    expect(atLoudness(new Float32Array(1_000), -23, 16_000)).toEqual(new Float32Array(1_000));
  });
});
