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

/** The packets of a track, one entry per 20 ms; null where the encoder's DTX sends nothing. */
export type OpusTrack = (OpusFrame | null)[];

// RFC 6716 leaves the encoder's controls to libopus: opus_defines.h.
const setInbandFec = 4012;
const setPacketLossPercent = 4014;
const setDtx = 4016;
/** libopus: "if the return value is 2 bytes or less, then the packet does not need to be transmitted (DTX)". */
const dtxPacketBytes = 2;

/**
 * Encodes a mono track with Opus as a browser does for a voice call: 20 ms frames, VoIP mode, in-band FEC, and DTX, so
 * that a pause costs one comfort-noise packet about every 400 ms.
 * @param samples s16 samples; an incomplete last frame is left out
 */
export function encodeOpusTrack(samples: Int16Array, sampleRateHz: 16_000 | 48_000): OpusTrack {
  const encoder = new OpusScript(sampleRateHz, 1, OpusScript.Application.VOIP);
  try {
    encoder.setBitrate(32_000);
    encoder.encoderCTL(setInbandFec, 1);
    encoder.encoderCTL(setPacketLossPercent, 5);
    encoder.encoderCTL(setDtx, 1);
    const frameSamples = (sampleRateHz * opusFrameMs) / 1_000;
    const track: OpusTrack = [];
    for (let start = 0; start + frameSamples <= samples.length; start += frameSamples) {
      const frame = samples.subarray(start, start + frameSamples);
      const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
      const payload = encoder.encode(bytes, frameSamples);
      const levelBelowOverloadDb = measureLevelBelowOverloadDb(frame);
      track.push(
        payload.length > dtxPacketBytes
          ? { payload, levelBelowOverloadDb, voice: true, talkspurtStart: false }
          : null,
      );
    }
    markTalkspurts(track);
    return track;
  } finally {
    encoder.delete();
  }
}

/** A packet with nothing before and after it is a comfort-noise update; every other run of packets is a talkspurt. */
function markTalkspurts(track: OpusTrack): void {
  for (const [i, frame] of track.entries()) {
    if (frame === null) continue;
    const open = track[i - 1] ?? null;
    const goesOn = track[i + 1] ?? null;
    frame.talkspurtStart = open === null && goesOn !== null;
    frame.voice = open !== null || goesOn !== null;
  }
}

/** Root mean square of a frame in −dBov, whole decibels, 127 for digital silence. */
export function measureLevelBelowOverloadDb(frame: Int16Array): number {
  let energy = 0;
  for (const sample of frame) energy += sample * sample;
  const rms = Math.sqrt(energy / frame.length) / 32_768;
  return rms === 0 ? 127 : Math.min(127, Math.max(0, Math.round(-20 * Math.log10(rms))));
}
