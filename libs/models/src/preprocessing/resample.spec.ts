import { expect, it } from 'vitest';
import { resample } from './resample.ts';

const tone = (hz: number, rateHz: number) =>
  Float32Array.from({ length: rateHz }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rateHz));

it.each([8_000, 22_050, 44_100, 48_000])('keeps a tone and its time from %i Hz', async (rateHz) => {
  const found = await resample(tone(1_000, rateHz), rateHz, 16_000);
  const wanted = tone(1_000, 16_000);
  expect(Math.abs(found.length - wanted.length)).toBeLessThanOrEqual(2);
  // The ends lack neighbours.
  for (let i = 200; i < found.length - 200; i++) expect(Math.abs(found[i] - wanted[i])).toBeLessThan(1e-3);
});

it('keeps a tone through a long recording, without a seam', async () => {
  const seconds = 26;
  const long = (rateHz: number) =>
    Float32Array.from(
      { length: seconds * rateHz },
      (_, i) => 0.5 * Math.sin((2 * Math.PI * 997 * i) / rateHz),
    );
  const wanted = long(16_000);
  const found = await resample(long(48_000), 48_000, 16_000);
  expect(Math.abs(found.length - wanted.length)).toBeLessThanOrEqual(2);
  let worst = 0;
  for (let i = 200; i < found.length - 200; i++) worst = Math.max(worst, Math.abs(found[i] - wanted[i]));
  expect(worst).toBeLessThan(1e-3);
});

it('lets nothing above the new band fold into it', async () => {
  const found = await resample(tone(9_500, 44_100), 44_100, 16_000);
  expect(Math.max(...found.subarray(200, -200).map(Math.abs))).toBeLessThan(1e-3);
});

it('gives back what needs no change', async () => {
  const samples = tone(100, 16_000);
  expect(await resample(samples, 16_000, 16_000)).toBe(samples);
});
