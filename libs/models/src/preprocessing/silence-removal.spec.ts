import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSpeech } from '../corpus/read-speech.ts';
import { SeededRandom } from '../seeded-random.ts';
import { toFloat } from './int16.ts';
import { withoutSilence } from './silence-removal.ts';

const sentence = fileURLToPath(new URL('../../../../test/fixtures/speech/08a02Wc.wav', import.meta.url));
const power = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample * sample, 0);

describe('silence removal', () => {
  let speech: Float32Array;
  let random: SeededRandom;
  /** Of a quiet room. */
  const pause = (seconds: number) =>
    Float32Array.from({ length: seconds * 16_000 }, () => 1e-4 * random.normal());
  beforeAll(async () => {
    speech = toFloat(await readSpeech(sentence));
  });
  const joined = (...parts: Float32Array[]) => {
    const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };

  it('cuts long pauses and keeps the speech', () => {
    random = new SeededRandom(1);
    const recording = joined(pause(2), speech, pause(3), speech, pause(2));
    const kept = withoutSilence(recording);
    const margins = 4 * 0.1 + 2 * 0.3;
    expect(kept.length).toBeLessThan(2 * speech.length + margins * 16_000);
    expect(power(kept) / power(recording)).toBeGreaterThan(0.98);
  });

  it('keeps every sample between its cuts, and fades there without a jump', () => {
    random = new SeededRandom(2);
    const recording = joined(pause(1.5), speech, pause(3), speech, pause(1));
    const kept = withoutSilence(recording);
    const known = new Set(recording);
    const made = kept.reduce((count, sample) => count + Number(!known.has(sample)), 0);
    // 5 ms at each cut.
    expect(made).toBeGreaterThan(0);
    expect(made % 80).toBeLessThanOrEqual(1);
    expect(made).toBeLessThan(10 * 80);
    const jump = (samples: Float32Array) =>
      samples.reduce(
        (largest, sample, i) => Math.max(largest, i > 0 ? Math.abs(sample - samples[i - 1]) : 0),
        0,
      );
    expect(jump(kept)).toBeLessThanOrEqual(jump(recording) * 1.001);
  });

  it('leaves nothing of a recording without speech', () => {
    random = new SeededRandom(3);
    expect(withoutSilence(pause(2))).toHaveLength(0);
    expect(withoutSilence(new Float32Array(32_000))).toHaveLength(0);
    expect(withoutSilence(new Float32Array(0))).toHaveLength(0);
  });
});
