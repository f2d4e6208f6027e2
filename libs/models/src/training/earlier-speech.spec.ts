import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { EarlierSpeechSource } from './earlier-speech.ts';
import type { TrainingClip } from './training-clip.ts';

/** Three frames, of which the middle one is speech; all its bands say `level`. */
function clip(speaker: string, level: number): TrainingClip {
  return {
    clip: { file: '', dataset: 'd', speaker, gender: 'female', language: 'en', label: 'sad' },
    frames: {
      bands: 2,
      logMel: Float32Array.of(-9, -9, level, level, -9, -9),
      pitch: Float32Array.of(0, 0, 5, 1, 0, 0),
      waveform: Float32Array.of(0, 0, 0, 1, 2, 3, 0, 0, 0),
      speech: Uint8Array.of(0, 1, 0),
    },
    variants: [],
  };
}

const a = clip('a', 1);
const all = [a, clip('a', 2), clip('a', 3), clip('b', 7)];

describe('earlier speech', () => {
  it('is speech of the same speaker, from other clips than the one to be judged', () => {
    const source = new EarlierSpeechSource(all, { share: 1, frames: 3_000 });
    const random = new SeededRandom(1);
    const heard = new Set<number>();
    for (let k = 0; k < 20; k++) {
      const { frames } = source.draw(a, random)!;
      for (const level of frames.logMel) heard.add(level);
      expect(frames.speech.every((flag) => flag === 1)).toBe(true);
      expect([...frames.pitch.subarray(0, 2)]).toEqual([5, 1]);
      expect([...frames.waveform!.subarray(0, 3)]).toEqual([1, 2, 3]);
    }
    expect(heard).toEqual(new Set([2, 3]));
  });

  it('stands for between a second and the most that the options allow', () => {
    const source = new EarlierSpeechSource(all, { share: 1, frames: 1_000 });
    const random = new SeededRandom(2);
    const heard = Array.from({ length: 200 }, () => source.draw(a, random)!.heardFrames);
    expect(Math.min(...heard)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...heard)).toBeLessThanOrEqual(1_000);
    expect(heard.filter((frames) => frames < 316).length).toBeGreaterThan(60);
  });

  it('is there as often as the options say, and never for a speaker with a single clip', () => {
    const source = new EarlierSpeechSource(all, { share: 0.25, frames: 500 });
    const random = new SeededRandom(3);
    const drawn = Array.from({ length: 2_000 }, () => source.draw(a, random)).filter((own) => own !== null);
    expect(drawn.length / 2_000).toBeCloseTo(0.25, 1);
    const certain = new EarlierSpeechSource(all, { share: 1, frames: 500 });
    expect(certain.draw(all[3], random)).toBeNull();
  });
});
