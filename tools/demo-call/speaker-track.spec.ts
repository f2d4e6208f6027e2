import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type CallScript, readCallScript } from './call-script.ts';
import { mixCall, renderCall } from './speaker-track.ts';

const turn = (speaker: string, pauseMs: number) =>
  ({ speaker, clip: 'x.flac', pauseMs, expression: 'neutral', sentence: '' }) as const;
const script: CallScript = {
  title: 'A call',
  speakers: [
    { id: 'a', name: 'A', role: 'customer' },
    { id: 'b', name: 'B', role: 'agent' },
  ],
  closingPauseMs: 100,
  phases: [{ phase: 'start', turns: [turn('a', 500), turn('b', 250), turn('a', -300)] }],
};
const second = new Int16Array(16_000).fill(1_000);

describe('mixCall', () => {
  const { tracks, turns } = mixCall(script, [second, second, second]);

  it('starts each turn a pause after the end of the turn before, or inside it for an interruption', () => {
    expect(turns).toEqual([
      { speaker: 'a', startMs: 500, endMs: 1_500 },
      { speaker: 'b', startMs: 1_750, endMs: 2_750 },
      { speaker: 'a', startMs: 2_450, endMs: 3_450 },
    ]);
  });

  it('gives every speaker a track of the same length, whole 20 ms frames with the closing pause', () => {
    for (const track of tracks.values()) expect(track.length).toBe(16_000 * 3.56);
  });

  it('keeps each voice on its own track, with digital silence between the turns', () => {
    const at = (speaker: string, ms: number) => tracks.get(speaker)![ms * 16];
    expect([at('a', 499), at('a', 1_000), at('a', 1_600), at('a', 3_000)]).toEqual([0, 1_000, 0, 1_000]);
    expect([at('b', 1_000), at('b', 2_600), at('b', 3_000)]).toEqual([0, 1_000, 0]);
  });

  it('fades clips in and out', () => {
    const track = tracks.get('a')!;
    expect(Math.abs(track[500 * 16])).toBeLessThan(10);
    expect(Math.abs(track[1_500 * 16 - 1])).toBeLessThan(10);
  });
});

describe('the demo call', () => {
  it('lasts about two minutes, and both speakers are heard in its first minute', async () => {
    const folder = fileURLToPath(new URL('../../test/fixtures/demo-call', import.meta.url));
    const { tracks, turns } = await renderCall(await readCallScript(folder), folder);
    const seconds = tracks.get('mara')!.length / 16_000;
    expect(seconds).toBeGreaterThan(100);
    expect(seconds).toBeLessThan(140);
    const early = turns.filter(({ endMs }) => endMs < 60_000).map(({ speaker }) => speaker);
    expect(new Set(early)).toEqual(new Set(['mara', 'jonas']));
    for (const { speaker, startMs, endMs } of turns) {
      const spoken = tracks.get(speaker)!.subarray(startMs * 16, endMs * 16);
      expect(Math.max(...spoken)).toBeGreaterThan(1_000);
    }
  });
});
