import { blankPcmFrame, type PcmFrame } from '@undertone/wire';
import { type SpeechDecoder, undecodable } from '../../../apps/sfu-bridge/src/opus/speech-decoder.ts';
import { FrameRing } from '../../../apps/sfu-bridge/src/tap/frame-ring.ts';
import { OpusStream, type OpusStreamOptions } from '../../../apps/sfu-bridge/src/tap/opus-stream.ts';
import { SpeechTrack } from '../../../apps/sfu-bridge/src/tap/speech-track.ts';
import { TapCounters } from '../../../apps/sfu-bridge/src/tap/tap-counters.ts';

export const epochMs = 1_700_000_000_000;
export const payloadType = 100;
/** SILK wideband, 20 ms, one frame (RFC 6716 §3.1): a packet is the byte below, flags, and its own number. */
export const wideband20 = 9 << 3;
export const fecFlag = 0x40;

/** Writes down what it is asked to do; "decodes" packet n to 20 ms of the sample value n. */
export class ScriptedDecoder implements SpeechDecoder {
  readonly asked: string[] = [];
  closed = 0;

  decode(packet: Uint8Array, out: Int16Array): number {
    if (packet[1] === 0xff) {
      this.asked.push('refuse');
      return undecodable;
    }
    const n = packet.length > 2 ? packet[2] : 0;
    this.asked.push(`decode ${n}`);
    out.fill(n, 0, 320);
    return 320;
  }

  recover(next: Uint8Array, sampleCount: number, out: Int16Array): number {
    this.asked.push(`recover ${sampleCount} before ${next[2]}`);
    out.fill(-next[2], 0, sampleCount);
    return sampleCount;
  }

  conceal(sampleCount: number, out: Int16Array): number {
    this.asked.push(`conceal ${sampleCount}`);
    out.fill(-1_000, 0, sampleCount);
    return sampleCount;
  }

  close(): void {
    this.closed++;
  }
}

/** A stream, and what it is heard to say. */
export function setUp(options: Partial<OpusStreamOptions> = {}) {
  const decoder = new ScriptedDecoder();
  const counters = new TapCounters();
  const ring = new FrameRing(1_024, counters);
  const frames: PcmFrame[] = [];
  const track = new SpeechTrack(ring, epochMs, () => {
    const frame = { ...blankPcmFrame(), streamId: 1 };
    ring.take(frame);
    frames.push({ ...frame, samples: frame.samples?.slice() ?? null });
  });
  const stream = new OpusStream({
    format: { payloadType, audioLevelId: 1, absCaptureTimeId: 2 },
    playoutDelayMs: 80,
    maxPlayoutDelayMs: 240,
    decoder,
    track,
    counters,
    ...options,
  });
  /** All frames so far, as runs; ends the frame that isn't full. */
  const heard = () => {
    track.flush();
    return line(frames);
  };
  return { decoder, counters, frames, track, stream, heard };
}

export interface Sent {
  /** Number of the packet, and of its sequence. */
  n: number;
  /** Place in the audio in packets of 20 ms, if it isn't `n`. */
  place?: number;
  payload?: Uint8Array;
  type?: number;
  ssrc?: number;
  /** Level byte of RFC 6464. */
  level?: number;
  /** abs-capture-time in milliseconds since the Unix epoch. */
  toldMs?: number;
}

export function packet({
  n,
  place = n,
  payload = Uint8Array.of(wideband20, 0, n & 0xff),
  type = payloadType,
  ssrc = 1,
  level,
  toldMs,
}: Sent): Buffer {
  // RFC 8285 §4.2: one-byte headers, padded to words.
  const extensions = [
    ...(level === undefined ? [] : [0x10, level]),
    ...(toldMs === undefined ? [] : [0x27, ...ntp(toldMs)]),
  ];
  while (extensions.length % 4 !== 0) extensions.push(0);
  const bytes = Buffer.alloc(12);
  bytes[0] = extensions.length > 0 ? 0x90 : 0x80;
  bytes[1] = type;
  bytes.writeUInt16BE((65_530 + n) & 0xffff, 2);
  bytes.writeUInt32BE((4_294_960_000 + Math.round(960 * place)) % 0x1_0000_0000, 4);
  bytes.writeUInt32BE(ssrc, 8);
  const block = extensions.length > 0 ? [0xbe, 0xde, 0, extensions.length / 4, ...extensions] : [];
  return Buffer.concat([bytes, Uint8Array.from(block), payload]);
}

/** RFC 5905 §6. */
function ntp(ms: number): Buffer {
  const seconds = ms / 1_000 + 2_208_988_800;
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(Math.floor(seconds) % 0x1_0000_0000, 0);
  bytes.writeUInt32BE(Math.floor((seconds % 1) * 0x1_0000_0000), 4);
  return bytes;
}

export const withFec = (n: number) => Uint8Array.of(wideband20, fecFlag, n);
/** When packet `place` arrives if nothing delays it. */
export const atMs = (place: number) => epochMs + 20 * place + 20;

export const play = (stream: OpusStream, sent: Sent) =>
  stream.receive(packet(sent), atMs(sent.place ?? sent.n));

/** The line as runs: `5×320` is 320 samples of value 5, `silence×320`, `|` a discontinuity. */
function line(frames: PcmFrame[]): string[] {
  const runs: [string, number][] = [];
  for (const { samples, sampleCount, discontinuity } of frames) {
    if (discontinuity) runs.push(['|', 0]);
    for (let i = 0; i < sampleCount; i++) {
      const value = samples ? String(samples[i]) : 'silence';
      const last = runs.at(-1);
      if (last?.[0] === value) last[1]++;
      else runs.push([value, 1]);
    }
  }
  return runs.map(([value, length]) => (value === '|' ? '|' : `${value}×${length}`));
}
