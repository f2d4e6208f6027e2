import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WaveformDescriptors } from './waveform-descriptors.ts';

const { waveform: golden } = JSON.parse(
  readFileSync(new URL('../golden/librosa-descriptors.json', import.meta.url), 'utf8'),
);

function describeWindow(window: Int16Array): WaveformDescriptors {
  const descriptors = new WaveformDescriptors();
  descriptors.push(window);
  return descriptors;
}

describe('descriptors of the waveform', () => {
  it('agree with librosa on real speech', () => {
    const wav = readFileSync(new URL('../../../test/fixtures/speech/08a02Wc.wav', import.meta.url));
    const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length));
    expect(golden.rms).toHaveLength(12);
    for (const [i, rms] of golden.rms.entries()) {
      const from = 160 * (golden.firstFrame + i);
      const { energy, peak, zeroCrossings } = describeWindow(samples.subarray(from, from + 400));
      expect(energy).toBeCloseTo(Math.log(1 + rms ** 2), 6);
      expect(peak).toBeCloseTo(Math.log(golden.peak[i]), 9);
      expect(zeroCrossings).toBeCloseTo(golden.zeroCrossings[i], 9);
    }
  });

  it('rise by log 4 and log 2 with twice the amplitude, while the crossings stay', () => {
    const tone = Int16Array.from({ length: 400 }, (_, i) => 3_000 * Math.sin(0.3 * i + 0.1));
    const soft = describeWindow(tone);
    const loud = describeWindow(tone.map((sample) => 2 * sample));
    expect(loud.energy - soft.energy).toBeCloseTo(Math.log(4), 5);
    expect(loud.peak - soft.peak).toBeCloseTo(Math.log(2), 5);
    expect(loud.zeroCrossings).toBe(soft.zeroCrossings);
  });

  it('are 0 in digital silence, and bounded at full scale', () => {
    expect(describeWindow(new Int16Array(400))).toMatchObject({ energy: 0, peak: 0, zeroCrossings: 0 });
    const { energy, peak } = describeWindow(new Int16Array(400).fill(-32_768));
    expect(peak).toBeCloseTo(Math.log(32_768), 9);
    expect(energy).toBeCloseTo(2 * Math.log(32_768), 6);
  });
});
