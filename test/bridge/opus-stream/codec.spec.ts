import { createEncoder } from 'libopus-wasm';
import { afterEach, describe, expect, it } from 'vitest';
import { libopusWasm } from '../../../apps/sfu-bridge/src/opus/libopus-wasm-decoder.ts';
import type { SpeechDecoder } from '../../../apps/sfu-bridge/src/opus/speech-decoder.ts';
import { encodeSpeech, readSpeech } from '../speech-rtp.ts';
import { joinedPackets } from './joined-packets.ts';
import { atMs, packet, play, setUp } from './scripted-stream.ts';
import { snrDb } from './signal-to-noise.ts';

const open: SpeechDecoder[] = [];
afterEach(() => {
  for (const decoder of open.splice(0)) decoder.close();
});

async function realDecoder(): Promise<SpeechDecoder> {
  const decoder = await libopusWasm.create();
  open.push(decoder);
  return decoder;
}

const tone = (samples: number, from: number, channels: number) =>
  Int16Array.from({ length: samples * channels }, (_, i) => {
    const at = from + Math.floor(i / channels);
    return 8_000 * Math.sin((2 * Math.PI * 440 * at) / 48_000);
  });

describe('OpusStream with a real decoder', () => {
  it.each([
    [2.5, 1],
    [5, 2],
    [10, 1],
    [20, 2],
    [40, 1],
    [60, 2],
    [120, 1],
    [120, 2],
  ] as const)(
    'hears packets of %d ms in %d channel(s) whole, and conceals one that is lost',
    async (ms, channels) => {
      const frameSize = 48 * ms;
      // The encoder makes 60 ms at most; longer packets hold several frames.
      const parts = ms > 60 ? ms / 20 : 1;
      const partSize = frameSize / parts;
      using encoder = await createEncoder({ sampleRate: 48_000, channels, frameSize: partSize });
      const { stream, frames: heard, counters, track } = setUp({ decoder: await realDecoder() });
      const count = Math.ceil(600 / ms);
      const lost = Math.floor(count / 2);
      for (let n = 0; n < count; n++) {
        const payload = joinedPackets(
          Array.from({ length: parts }, (_, part) =>
            encoder.encode(tone(partSize, frameSize * n + part * partSize, channels)),
          ),
        );
        if (n === lost) continue;
        const place = (ms / 20) * n;
        stream.receive(packet({ n, place, payload }), atMs(0) + ms * (n + 1) - 20);
        stream.tick(atMs(0) + ms * (n + 1) - 20);
      }
      stream.tick(atMs(0) + ms * count + 100);
      track.flush();
      expect(counters).toMatchObject({ decodedPackets: count - 1, lostPackets: 1, decodeErrors: 0 });
      expect(heard.reduce((sum, each) => sum + each.sampleCount, 0)).toBe(16 * ms * count);
      const { samples } = heard.at(-1)!;
      const rms = Math.sqrt(samples!.reduce((sum, x) => sum + x * x, 0) / samples!.length);
      expect(rms).toBeGreaterThan(3_000);
      expect(rms).toBeLessThan(8_000);
    },
  );

  it('hears the words after a silence that was not decoded as if it had been, to the last bits', async () => {
    const [before, after] = [readSpeech('08a02Wc'), readSpeech('11a02Nc')];
    const start = Math.ceil(before.length / 320);
    const silentPackets = 100;
    const pcm = new Int16Array((start + silentPackets) * 320 + after.length);
    pcm.set(before);
    // A noise floor of about −66 dBov, so that there is something to decode.
    for (let i = start * 320; i < (start + silentPackets) * 320; i++) pcm[i] = ((i * 7_919) % 51) - 25;
    pcm.set(after, (start + silentPackets) * 320);
    const packets = encodeSpeech(pcm);
    const lines = await Promise.all(
      [true, false].map(async (levels) => {
        const { stream, frames, track } = setUp({ decoder: await realDecoder() });
        packets.forEach((payload, n) => {
          const level = n >= start && n < start + silentPackets ? 66 : 20;
          play(stream, { n, payload, ...(levels ? { level } : {}) });
        });
        track.flush();
        return Int16Array.from(
          frames.flatMap((each) => [...(each.samples ?? new Int16Array(each.sampleCount))]),
        );
      }),
    );
    const from = (start + silentPackets) * 320;
    expect(snrDb(lines[1].subarray(from), lines[0].subarray(from))).toBeGreaterThan(40);
    expect(lines[0].subarray(from - 640, from).some((x) => x !== 0)).toBe(true);
    expect(lines[0].subarray(from - 6_400, from - 1_600).every((x) => x === 0)).toBe(true);
  });
});
