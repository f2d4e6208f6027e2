import { readFileSync } from 'node:fs';
import { maxFrameSamples, type PcmFrame, type Speaker } from '@undertone/wire';

/** Wall clock of the first sample of every scripted stream. */
export const epochMs = 1_700_000_000_000;

/** A sentence of `test/fixtures/speech`, 16 kHz. */
export function sentence(name: '08a02Wc' | '11a02Nc' | '11b09Fd'): Int16Array {
  const wav = readFileSync(new URL(`../fixtures/speech/${name}.wav`, import.meta.url));
  return new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length));
}

/** Frames of one stream whose capture clock never stops. */
export class FrameScript {
  readonly streamId: number;
  #sequence = 0;
  #atSamples = 0;

  constructor(streamId: number) {
    this.streamId = streamId;
  }

  /** Cuts `samples` into frames of `frameSamples`, or of the sizes given, the last of them repeated. */
  speak(samples: Int16Array, frameSamples: number | number[] = 320): PcmFrame[] {
    const sizes = [frameSamples].flat();
    const frames: PcmFrame[] = [];
    for (let at = 0, i = 0; at < samples.length; i++) {
      const size = Math.min(sizes[Math.min(i, sizes.length - 1)], maxFrameSamples);
      const piece = samples.slice(at, at + size);
      frames.push(this.#frame(piece.length, piece));
      at += size;
    }
    return frames;
  }

  /** Digital silence. */
  silence(ms: number, frameSamples = 320): PcmFrame[] {
    const frames: PcmFrame[] = [];
    for (let left = 16 * ms; left > 0; left -= frameSamples)
      frames.push(this.#frame(Math.min(left, frameSamples), null));
    return frames;
  }

  /** Frames that are never sent. */
  lose(ms: number, frames = Math.round(ms / 20)): void {
    this.#atSamples += 16 * ms;
    this.#sequence += frames;
  }

  #frame(sampleCount: number, samples: Int16Array | null): PcmFrame {
    const frame: PcmFrame = {
      streamId: this.streamId,
      sequence: this.#sequence++ >>> 0,
      captureMs: epochMs + this.#atSamples / 16,
      sampleCount,
      concealedSamples: 0,
      discontinuity: false,
      samples,
    };
    this.#atSamples += sampleCount;
    return frame;
  }
}

/** A customer who agreed. */
export const customer = (id: string, change: Partial<Speaker> = {}): Speaker => ({
  callId: 'call-1',
  id,
  name: `Name of ${id}`,
  role: 'customer',
  consent: 'granted',
  muted: false,
  decision: { analysed: true, reason: 'a customer who agreed' },
  joinedAtMs: epochMs,
  ...change,
});
