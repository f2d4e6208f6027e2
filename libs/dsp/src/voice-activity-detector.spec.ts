import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultMfccOptions } from './mfcc-options.ts';
import { StreamingMfcc } from './streaming-mfcc.ts';
import { VoiceActivityDetector } from './voice-activity-detector.ts';

const second = 16_000;
const hopsPerSecond = 100;

function speech(name: string): Int16Array {
  const wav = readFileSync(new URL(`../../../test/fixtures/speech/${name}.wav`, import.meta.url));
  return new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length));
}

/** Gaussian-like noise; `rms` in units of the 16-bit scale. */
function noise(count: number, rms: number): Int16Array {
  let state = 99;
  const uniform = () => {
    state = (1_103_515_245 * state + 12_345) % 2 ** 31;
    return state / 2 ** 31 - 0.5;
  };
  return Int16Array.from({ length: count }, () => Math.round(rms * 2 * (uniform() + uniform() + uniform())));
}

function concatenate(...parts: Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

function mix(a: Int16Array, b: Int16Array): Int16Array {
  return a.map((value, i) => Math.max(-32_768, Math.min(32_767, value + b[i])));
}

function rmsOf(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
}

/** Which hops are speech once every onset has been dated back. */
function detect(samples: Int16Array, detector = new VoiceActivityDetector(defaultMfccOptions)): boolean[] {
  const hops: boolean[] = [];
  new StreamingMfcc(defaultMfccOptions).push(samples, {
    frame: (_, logMel) => {
      const speechHops = detector.push(logMel);
      expect(speechHops).toBeLessThanOrEqual(Math.min(detector.maxOnsetHops, hops.length + 1));
      hops.push(false);
      hops.fill(true, hops.length - speechHops);
    },
  });
  return hops;
}

const share = (hops: boolean[]) => hops.filter(Boolean).length / hops.length;

describe('VoiceActivityDetector', () => {
  const clips = ['08a02Wc', '11a02Nc', '11b09Fd'];

  it.each(clips)('hears the sentence %s from its first sound, and the silence around it', (clip) => {
    const sentence = speech(clip);
    const quiet = noise(2 * second, 3);
    const hops = detect(concatenate(quiet, mix(sentence, noise(sentence.length, 3)), quiet));
    const start = 2 * hopsPerSecond;
    const end = start + Math.floor(sentence.length / 160);
    expect(share(hops.slice(0, start - 12))).toBe(0);
    expect(hops.indexOf(true)).toBeLessThanOrEqual(start + 10);
    expect(share(hops.slice(start, end))).toBeGreaterThan(0.9);
    expect(share(hops.slice(end + 40))).toBe(0);
  });

  it.each(clips)('hears the sentence %s 10 dB above white noise', (clip) => {
    const sentence = speech(clip);
    const total = 4 * second + sentence.length;
    const spoken = concatenate(new Int16Array(2 * second), sentence, new Int16Array(2 * second));
    const hops = detect(mix(spoken, noise(total, rmsOf(sentence) / Math.sqrt(10))));
    const start = 2 * hopsPerSecond;
    const end = start + Math.floor(sentence.length / 160);
    expect(share(hops.slice(100, start - 12))).toBe(0);
    expect(share(hops.slice(start, end))).toBeGreaterThan(0.75);
    expect(share(hops.slice(end + 40))).toBe(0);
  });

  it('hears a stream that begins in the middle of a word', () => {
    const hops = detect(speech('08a02Wc').subarray(second / 2));
    expect(hops[0]).toBe(true);
    expect(share(hops)).toBeGreaterThan(0.9);
  });

  it.each([3, 30, 300, 3_000])('does not take steady noise of %d rms for speech', (rms) => {
    expect(share(detect(noise(20 * second, rms)).slice(2 * hopsPerSecond))).toBe(0);
  });

  it('does not take a steady tone for speech', () => {
    const tone = Int16Array.from({ length: 10 * second }, (_, i) => 8_000 * Math.sin(0.17 * i));
    expect(share(detect(tone).slice(2 * hopsPerSecond))).toBe(0);
  });

  it('does not take digital silence, or a click in it, for speech', () => {
    const clicked = new Int16Array(4 * second);
    clicked.fill(20_000, 2 * second, 2 * second + 8);
    expect(share(detect(clicked))).toBe(0);
  });

  it('does not take the noise of the room for speech when it comes back after digital silence', () => {
    const room = noise(4 * second, 60);
    const hops = detect(concatenate(room, new Int16Array(second), room));
    expect(share(hops.slice(hopsPerSecond))).toBe(0);
  });

  it('starts afresh after a reset', () => {
    const detector = new VoiceActivityDetector(defaultMfccOptions);
    const sentence = speech('11a02Nc');
    const fresh = detect(sentence, detector);
    detect(noise(3 * second, 5_000), detector);
    detector.reset();
    expect(detect(sentence, detector)).toEqual(fresh);
  });
});
