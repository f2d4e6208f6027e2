import { describe, expect, it } from 'vitest';
import { type OpusLine, throughOpus } from './opus-line.ts';

/** Two seconds of a voice-like buzz that swells. */
const speech = Int16Array.from({ length: 32_000 }, (_, i) => {
  const swell = 0.5 - 0.5 * Math.cos((2 * Math.PI * 3 * i) / 16_000);
  return (0.2 + swell) * (((i % 107) / 107) * 12_000 - 6_000);
});
const line = (lost: (packet: number) => boolean, bitsPerSecond = 24_000): OpusLine => {
  let packet = 0;
  return {
    bitsPerSecond,
    application: 'voip',
    complexity: 5,
    expectedLossPercent: 20,
    lost: () => lost(packet++),
  };
};
const power = (samples: Int16Array) =>
  samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
/** Power of what differs, relative to `wanted`. */
const error = (heard: Int16Array, wanted: Int16Array) =>
  power(heard.map((sample, i) => sample - wanted[i])) / power(wanted);

describe('an Opus line', () => {
  it('keeps the length, whatever is left of the last packet', async () => {
    for (const count of [0, 1, 319, 321]) {
      expect(
        await throughOpus(
          speech.subarray(0, count),
          line(() => false),
        ),
      ).toHaveLength(count);
    }
  });

  it('rebuilds a single loss from the next packet, better than it can make one up', async () => {
    const whole = await throughOpus(
      speech,
      line(() => false),
    );
    const single = await throughOpus(
      speech,
      line((packet) => packet === 40),
    );
    const double = await throughOpus(
      speech,
      line((packet) => packet === 40 || packet === 41),
    );
    const lost = (samples: Int16Array) => samples.subarray(40 * 320, 41 * 320);
    expect(error(lost(single), lost(whole))).toBeLessThan(0.5 * error(lost(double), lost(whole)));
  });

  it('conceals 120 ms of a long loss and is silent for the rest', async () => {
    const heard = await throughOpus(
      speech,
      line((packet) => packet >= 40 && packet < 60),
    );
    expect(power(heard.subarray(40 * 320, 42 * 320))).toBeGreaterThan(0);
    expect(power(heard.subarray(46 * 320, 59 * 320))).toBe(0);
    expect(power(heard.subarray(62 * 320, 80 * 320))).toBeGreaterThan(0.2 * power(speech));
  });

  it('sounds worse at fewer bits', async () => {
    const [coarse, fine] = await Promise.all(
      [6_000, 64_000].map((bits) =>
        throughOpus(
          speech,
          line(() => false, bits),
        ),
      ),
    );
    const coded = fine.subarray(3_200);
    expect(power(coarse)).toBeGreaterThan(0.2 * power(speech));
    expect(error(coarse.subarray(3_200), coded)).toBeGreaterThan(0.05);
  });
});
