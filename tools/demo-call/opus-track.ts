import OpusScript from 'opusscript';

export const opusFrameMs = 20;

/** One 20 ms Opus packet and what the RTP layer says about it. */
export interface OpusFrame {
  payload: Buffer;
  /** Level of the frame in −dBov, 0 (loudest) … 127 (silence): RFC 6464 §3. */
  levelBelowOverloadDb: number;
  /** Whether the encoder's voice detector kept the channel open. */
  voice: boolean;
  /** First packet after a pause in which only comfort noise was sent (marker bit, RFC 3551 §4.1). */
  talkspurtStart: boolean;
}

// RFC 6716 leaves the encoder's controls to libopus: opus_defines.h.
const setComplexity = 4010;
const setInbandFec = 4012;
const setPacketLossPercent = 4014;
const setDtx = 4016;
/** libopus: "if the return value is 2 bytes or less, then the packet does not need to be transmitted (DTX)". */
const dtxPacketBytes = 2;

/**
 * A mono track as Opus packets, encoded as a browser on a phone does for a voice call: 20 ms frames, VoIP mode, in-band
 * FEC, and DTX, so that a pause costs one comfort-noise packet about every 400 ms. Frames are encoded when they are
 * first asked for and kept, so that playing starts at once and repeating it costs nothing.
 */
export class OpusTrack {
  /** In frames of 20 ms. */
  readonly length: number;
  readonly #samples: Int16Array;
  readonly #frameSamples: number;
  readonly #frames: ({ payload: Buffer; levelBelowOverloadDb: number } | null)[] = [];
  #encoder: OpusScript | null;

  /** @param samples s16 samples; an incomplete last frame is left out */
  constructor(samples: Int16Array, sampleRateHz: 16_000 | 48_000) {
    this.#samples = samples;
    this.#frameSamples = (sampleRateHz * opusFrameMs) / 1_000;
    this.length = Math.floor(samples.length / this.#frameSamples);
    this.#encoder = new OpusScript(sampleRateHz, 1, OpusScript.Application.VOIP);
    this.#encoder.setBitrate(32_000);
    this.#encoder.encoderCTL(setComplexity, 5);
    this.#encoder.encoderCTL(setInbandFec, 1);
    this.#encoder.encoderCTL(setPacketLossPercent, 5);
    this.#encoder.encoderCTL(setDtx, 1);
  }

  /** @returns null where DTX sends nothing, and outside the track */
  frame(index: number): OpusFrame | null {
    this.#encodeTo(index + 1);
    const frame = this.#frames[index] ?? null;
    if (frame === null) return null;
    // A packet with nothing before and after it is a comfort-noise update; any other run of packets is a talkspurt.
    const follows = (this.#frames[index - 1] ?? null) !== null;
    const goesOn = (this.#frames[index + 1] ?? null) !== null;
    return { ...frame, voice: follows || goesOn, talkspurtStart: !follows && goesOn };
  }

  /** Frees the encoder. Idempotent; frames not encoded yet are null from then on. */
  close(): void {
    this.#encoder?.delete();
    this.#encoder = null;
  }

  #encodeTo(index: number): void {
    while (this.#encoder !== null && this.#frames.length <= index) {
      if (this.#frames.length === this.length) {
        this.close();
        return;
      }
      const start = this.#frames.length * this.#frameSamples;
      const frame = this.#samples.subarray(start, start + this.#frameSamples);
      const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
      const payload = this.#encoder.encode(bytes, this.#frameSamples);
      const sent = payload.length > dtxPacketBytes;
      this.#frames.push(sent ? { payload, levelBelowOverloadDb: measureLevelBelowOverloadDb(frame) } : null);
    }
  }
}

/** Root mean square of a frame in −dBov, whole decibels, 127 for digital silence. */
export function measureLevelBelowOverloadDb(frame: Int16Array): number {
  let energy = 0;
  for (const sample of frame) energy += sample * sample;
  const rms = Math.sqrt(energy / frame.length) / 32_768;
  return rms === 0 ? 127 : Math.min(127, Math.max(0, Math.round(-20 * Math.log10(rms))));
}
