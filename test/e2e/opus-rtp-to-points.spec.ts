import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BridgeClient } from '../../tools/demo-call/bridge-client.ts';
import { decodeFlacClips } from '../../tools/demo-call/flac-clip.ts';
import { FrameClock, systemTime } from '../../tools/demo-call/frame-clock.ts';
import { OpusTrack } from '../../tools/demo-call/opus-track.ts';
import { RtpStream } from '../../tools/demo-call/rtp-stream.ts';
import { LossyPath } from './lossy-path.ts';
import { TimelineWatch } from './timeline-watch.ts';
import { Undertone } from './undertone.ts';

const clipFolder = fileURLToPath(new URL('../fixtures/demo-call', import.meta.url));
const callId = 'lossy-call';

/** Two seconds of silence, then speech without a pause. */
async function speechTrack(): Promise<OpusTrack> {
  const names = ['08b03Wd.flac', '08b02Wd.flac', '08a05Wa.flac'];
  const clips = await decodeFlacClips(names.map((name) => join(clipFolder, name)));
  const silence = new Int16Array(2 * 16_000);
  return new OpusTrack(Int16Array.from([silence, ...clips].flatMap((part) => [...part])), 16_000);
}

describe('Opus RTP in, emotion points out', () => {
  let undertone: Undertone;
  let watch: TimelineWatch;

  beforeAll(async () => {
    undertone = await Undertone.start({ profile: 'customer-only' });
    watch = new TimelineWatch(undertone.dashboardUrl, callId);
  }, 120_000);

  afterAll(async () => {
    watch.close();
    await undertone.close();
  });

  it('turns speech into points in spite of 5 % loss and reordering', async () => {
    const track = await speechTrack();
    const { rtp } = await new BridgeClient(undertone.bridgeUrl).addSpeaker(callId, {
      name: 'Mara',
      role: 'customer',
      consent: 'granted',
    });
    const socket = createSocket('udp4');
    const stream = new RtpStream(rtp);
    const path = new LossyPath((packet) => socket.send(packet, rtp.port, rtp.ip), {
      lossShare: 0.05,
      reorderShare: 0.1,
      seed: 7,
    });
    const started = Promise.withResolvers<number>();
    const clock = new FrameClock(systemTime, (slot, wallMs) => {
      if (slot === 0) started.resolve(wallMs);
      const frame = track.frame(slot);
      if (frame !== null) path.send(stream.packet(frame, slot));
    });
    clock.start();
    try {
      const startMs = await started.promise;
      const spoken = () => watch.points('Mara').filter(({ state }) => state === 'speech');
      await watch.until('five seconds of speech', () => spoken().length >= 25);

      expect(path.lost).toBeGreaterThan(5);
      expect(path.reordered).toBeGreaterThan(10);
      const points = watch.points('Mara');
      const times = points.map(({ atMs }) => atMs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      for (const { probabilities, valence, arousal, confidence } of spoken()) {
        expect(probabilities!.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 2);
        expect(Math.max(Math.abs(valence!), Math.abs(arousal!))).toBeLessThanOrEqual(1);
        expect(confidence).toBeGreaterThan(0);
      }
      // Capture time, not arrival time: the points lie where the speech was spoken.
      expect(spoken()[0].atMs).toBeGreaterThan(startMs + 2_000);
      expect(spoken()[0].atMs).toBeLessThan(startMs + 5_000);
      const early = points.filter(({ atMs }) => atMs < startMs + 1_900);
      expect(early.every(({ state, probabilities }) => state === 'silence' && probabilities === null)).toBe(
        true,
      );
    } finally {
      clock.stop();
      socket.close();
      track.close();
    }
  });
});
