import { describe, expect, it } from 'vitest';
import { PitchNormaliser } from './pitch-normaliser.ts';

const meanLogHz = Math.log(160);
const spec = { meanLogHz, priorFrames: 20, memoryFrames: 1_000 };

function features(normaliser: PitchNormaliser, logHz: number, voicing: number): number[] {
  const target = new Float32Array(5);
  normaliser.apply({ logHz, voicing }, target, 1);
  return [...target.subarray(1, 4)];
}

describe('pitch normalisation', () => {
  it('says nothing of the pitch of unvoiced frames', () => {
    const [voicing, absolute, own] = features(new PitchNormaliser(spec), Math.log(400), 0.2);
    expect(voicing).toBeCloseTo(-0.6, 6);
    expect(absolute).toBe(0);
    expect(own).toBe(0);
  });

  it('comes to know the speaker, and keeps the pitch against others too', () => {
    const normaliser = new PitchNormaliser(spec);
    const high = meanLogHz + 0.5;
    for (let i = 0; i < 20; i++) normaliser.observe({ logHz: high, voicing: 0.9 });
    expect(features(normaliser, high, 0.9)[2]).toBeCloseTo(0.25 / 0.2, 5);
    for (let i = 0; i < 5_000; i++) normaliser.observe({ logHz: high, voicing: 0.9 });
    expect(features(normaliser, high, 0.9)[2]).toBeCloseTo(0, 1);
    expect(features(normaliser, high, 0.9)[1]).toBeCloseTo(0.5 / 0.35, 5);
    normaliser.reset();
    expect(features(normaliser, meanLogHz, 0.9)[2]).toBe(0);
  });

  it('does not learn a speaker’s pitch from unvoiced frames', () => {
    const normaliser = new PitchNormaliser(spec);
    for (let i = 0; i < 100; i++) normaliser.observe({ logHz: 9, voicing: 0.1 });
    expect(features(normaliser, meanLogHz, 1)[2]).toBe(0);
  });
});
