import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import OpusScript from 'opusscript';
import { describe, expect, it } from 'vitest';
import { decodeFlacClips } from './flac-clip.ts';
import { measureLevelBelowOverloadDb, type OpusFrame, OpusTrack } from './opus-track.ts';

const folder = fileURLToPath(new URL('../../test/fixtures/demo-call', import.meta.url));
const [clip] = await decodeFlacClips([join(folder, '08b02Wd.flac')]);

/** Two seconds of silence, a clip, five seconds of silence. */
const samples = new Int16Array(7 * 16_000 + Math.ceil(clip.length / 320) * 320);
samples.set(clip, 2 * 16_000);
const opusTrack = new OpusTrack(samples, 16_000);
const track = Array.from({ length: opusTrack.length }, (_, i) => opusTrack.frame(i));
const clipFrames = track.slice(100, 100 + Math.ceil(clip.length / 320));
const isSent = (frame: OpusFrame | null): frame is OpusFrame => frame !== null;

describe('OpusTrack', () => {
  it('has one entry for every 20 ms', () => {
    expect(track.length).toBe(samples.length / 320);
  });

  it('gives the same packets again when it is repeated', () => {
    expect(track.map((_, i) => opusTrack.frame(i))).toEqual(track);
  });

  it('sends speech without holes and pauses as one packet in about 400 ms', () => {
    expect(clipFrames.filter(isSent).length / clipFrames.length).toBeGreaterThan(0.9);
    const pause = track.slice(-200); // the last four seconds
    expect([9, 10]).toContain(pause.filter(isSent).length);
    expect(pause.filter(isSent).every((frame) => !frame.voice && !frame.talkspurtStart)).toBe(true);
  });

  it('marks the start of the talkspurt, not the comfort noise before it', () => {
    const start = track.findIndex((frame, slot) => slot > 50 && frame?.talkspurtStart);
    expect(start).toBeGreaterThanOrEqual(100);
    expect(start).toBeLessThan(115);
    expect(track.slice(start + 1, 150).some((frame) => frame?.talkspurtStart)).toBe(false);
  });

  it('decodes to the speech that went in', () => {
    const decoder = new OpusScript(16_000, 1, OpusScript.Application.VOIP);
    const levels = clipFrames
      .filter(isSent)
      .map(({ payload }) => decoder.decode(payload))
      .map((pcm) => measureLevelBelowOverloadDb(new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2)));
    decoder.delete();
    expect(levels.length).toBeGreaterThan(100);
    expect(Math.min(...levels)).toBeLessThan(25);
    const loudest = Math.min(...clipFrames.filter(isSent).map((frame) => frame.levelBelowOverloadDb));
    expect(Math.abs(Math.min(...levels) - loudest)).toBeLessThanOrEqual(2);
  });
});

describe('measureLevelBelowOverloadDb', () => {
  it('is 0 for a full-scale square wave, 127 for silence and 20 for a tenth of full scale', () => {
    expect(measureLevelBelowOverloadDb(new Int16Array(320).fill(-32_768))).toBe(0);
    expect(measureLevelBelowOverloadDb(new Int16Array(320))).toBe(127);
    expect(measureLevelBelowOverloadDb(new Int16Array(320).fill(3_277))).toBe(20);
  });
});
