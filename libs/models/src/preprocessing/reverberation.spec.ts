import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { inRoom, roomResponse } from './reverberation.ts';

const sampleRateHz = 16_000;
const energy = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample * sample, 0);

/** From the slope of the decay between −5 and −25 dB, by Schroeder's (1965) backward integration. */
function measuredRt60(response: Float32Array): number {
  const left = new Float64Array(response.length + 1);
  for (let i = response.length - 1; i >= 0; i--) left[i] = left[i + 1] + response[i] ** 2;
  const at = (db: number) => left.findIndex((value) => 10 * Math.log10(value / left[0]) <= db);
  return (3 * (at(-25) - at(-5))) / sampleRateHz;
}

describe('a room', () => {
  it.each([0.15, 0.4, 0.7])('lets sound fall by 60 dB in %d s', (rt60Seconds) => {
    const room = { rt60Seconds, directToReverberantDb: -10 };
    const response = roomResponse(room, sampleRateHz, new SeededRandom(4));
    expect(Math.abs(measuredRt60(response.subarray(1)) / rt60Seconds - 1)).toBeLessThan(0.15);
  });

  it.each([-3, 0, 15])('has direct sound %d dB above what is reflected', (directToReverberantDb) => {
    const room = { rt60Seconds: 0.3, directToReverberantDb };
    const response = roomResponse(room, sampleRateHz, new SeededRandom(1));
    expect(response[0]).toBe(1);
    expect(10 * Math.log10(1 / energy(response.subarray(1)))).toBeCloseTo(directToReverberantDb, 3);
    // Nothing comes back sooner than from a wall a foot away.
    expect(energy(response.subarray(1, 32))).toBe(0);
  });

  it('keeps the direct sound in its place, and goes on sounding after it', () => {
    const clap = new Float32Array(4_000);
    clap[500] = 1;
    const heard = inRoom(
      clap,
      { rt60Seconds: 0.2, directToReverberantDb: 3 },
      sampleRateHz,
      new SeededRandom(1),
    );
    expect(heard).toHaveLength(4_000);
    expect(energy(heard.subarray(0, 500))).toBeLessThan(1e-9);
    expect(heard[500]).toBeCloseTo(1, 5);
    expect(energy(heard.subarray(550, 2_000))).toBeGreaterThan(0.2);
  });
});
