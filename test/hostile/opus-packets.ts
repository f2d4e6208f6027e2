import { createEncoder } from 'libopus-wasm';
import { joinedPackets } from '../bridge/opus-stream/joined-packets.ts';
import { encodeSpeech, readSpeech } from '../bridge/speech-rtp.ts';

/** Real Opus of every kind that a sender may choose: 2.5 to 120 ms, mono and stereo, speech and music, FEC and DTX. */
export async function opusPackets(): Promise<{ speech: Uint8Array[]; all: Uint8Array[] }> {
  const pcm = readSpeech('08a02Wc');
  const speech = encodeSpeech(pcm);
  const all = speech.slice(0, 60);
  for (const [ms, channels] of [
    [2.5, 1],
    [5, 2],
    [10, 1],
    [20, 2],
    [40, 1],
    [60, 2],
    [100, 1],
    [120, 2],
  ] as const) {
    const parts = ms > 60 ? ms / 20 : 1;
    const frameSize = (48 * ms) / parts;
    using encoder = await createEncoder({ sampleRate: 48_000, channels, frameSize });
    for (let n = 0; n < 6; n++) {
      const frames = Array.from({ length: parts }, (_, part) => {
        const from = (n * parts + part) * frameSize;
        return encoder.encode(
          Int16Array.from({ length: frameSize * channels }, (_, i) => {
            return pcm[Math.floor((from + i / channels) / 3) % pcm.length]!;
          }),
        );
      });
      all.push(joinedPackets(frames));
    }
  }
  // The table of contents alone: "still silent" (RFC 6716 §3.1), in every configuration.
  for (let config = 0; config < 32; config++) all.push(Uint8Array.of(config << 3));
  return { speech, all };
}
