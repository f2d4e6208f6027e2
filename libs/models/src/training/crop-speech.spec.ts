import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { cropSpeech } from './crop-speech.ts';
import type { SpeechFrames } from './speech-frames.ts';

/** Frames whose numbers say where they were. */
function clip(speech: number[]): SpeechFrames {
  const frames = speech.length;
  return {
    bands: 3,
    logMel: Float32Array.from({ length: 3 * frames }, (_, i) => Math.floor(i / 3)),
    pitch: Float32Array.from({ length: 2 * frames }, (_, i) => i >> 1),
    waveform: Float32Array.from({ length: 3 * frames }, (_, i) => Math.floor(i / 3)),
    speech: Uint8Array.from(speech),
  };
}
const run = (value: number, length: number) => new Array<number>(length).fill(value);

describe('cropping', () => {
  it('leaves a margin of silence around a short clip’s speech', () => {
    const whole = clip([...run(0, 30), ...run(1, 10), ...run(0, 5), ...run(1, 10), ...run(0, 40)]);
    const cropped = cropSpeech(whole, 100, new SeededRandom(1));
    expect(cropped.speech).toHaveLength(16 + 25 + 16);
    expect(cropped.speech.reduce((sum, value) => sum + value, 0)).toBe(20);
    expect([cropped.logMel[0], cropped.logMel.at(-1)]).toEqual([14, 70]);
    expect([cropped.pitch[0], cropped.pitch.at(-1)]).toEqual([14, 70]);
    expect([cropped.waveform?.[0], cropped.waveform?.at(-1)]).toEqual([14, 70]);
  });

  it('leaves a clip alone that has less silence than that, or only silence', () => {
    for (const speech of [[...run(0, 3), ...run(1, 10), ...run(0, 9)], run(0, 50)]) {
      expect(cropSpeech(clip(speech), 100, new SeededRandom(1))).toEqual(clip(speech));
    }
  });

  it('cuts a long clip to so many frames of speech, from any of them on', () => {
    const whole = clip([...run(0, 30), ...run(1, 10), ...run(0, 5), ...run(1, 10)]);
    const random = new SeededRandom(1);
    const starts = new Set<number>();
    for (let i = 0; i < 200; i++) {
      const cropped = cropSpeech(whole, 8, random);
      expect(cropped.speech.reduce((sum, value) => sum + value, 0)).toBe(8);
      expect([cropped.speech[0], cropped.speech.at(-1)]).toEqual([1, 1]);
      starts.add(cropped.logMel[0]);
    }
    expect(starts.size).toBe(13);
  });
});
