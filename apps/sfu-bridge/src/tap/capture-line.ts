import { isDtx } from '../opus/opus-packet.ts';
import { type SpeechDecoder, samplesPerMs } from '../opus/speech-decoder.ts';
import { PacketWriter } from './packet-writer.ts';
import { ticksPerSample } from './rtp-clock.ts';
import { type SpeechTrack, silenceFrameSamples } from './speech-track.ts';
import type { TapCounters } from './tap-counters.ts';

const silenceFrameMs = silenceFrameSamples / samplesPerMs;
/**
 * Silence is told for time passed without packets, but only up to this long ago, so that it rarely overtakes a packet
 * that is merely late.
 */
const silenceLagMs = 400;
/** Where the clock moves by more than this within speech, the capture stalled: that is silence. */
const maxSlewSamples = 640;
/** Smaller moves are spread: the line's time then runs faster or slower than its samples by this share. */
const slewShare = 1 / 40;
/** The line may run ahead of the clock by this much, half a second. */
const maxAheadSamples = 8_000;
/** Smaller cuts of silence are left to the slewing. */
const minTrimSamples = 160;
/** After a pause of this process longer than this, the time in between counts as lost, not as silence. */
const maxIdleMs = 10_000;

/** Puts packets on a speaker's line at the times at which they were captured, and accounts for the time between them. */
export class CaptureLine {
  readonly #writer: PacketWriter;
  readonly #track: SpeechTrack;
  readonly #counters: TapCounters;
  /** Where the audio of the packet written last ended, in RTP time; NaN if the next one doesn't follow upon it. */
  #endTimestamp = Number.NaN;
  /** Capture time up to which silence was told without a packet that said so. */
  #silenceToldUntilMs = 0;

  constructor(decoder: SpeechDecoder, track: SpeechTrack, counters: TapCounters) {
    this.#writer = new PacketWriter(decoder, track, counters);
    this.#track = track;
    this.#counters = counters;
  }

  /**
   * Writes a packet of `samples` that was captured at `captureMs`, after what lies between it and the one before: up to
   * `lostSamples` of it are loss, the rest is silence. `gated`: its sender says that it is silent, so it is not decoded.
   */
  write(
    payload: Uint8Array,
    timestamp: number,
    samples: number,
    captureMs: number,
    lostSamples: number,
    gated: boolean,
  ): void {
    // From the end of the line to the packet; negative if the line is ahead.
    const gapSamples = Math.round((captureMs - this.#writer.endMs) * samplesPerMs);
    this.#fillGap(gapSamples, lostSamples, timestamp, payload, samples, gated);
    this.#endTimestamp = timestamp + samples * ticksPerSample;

    // Silence may be cut as well as stretched, so that the line waits for a clock that was put back.
    const trimmed = gated || isDtx(payload) ? Math.min(samples, Math.max(0, -gapSamples)) : 0;
    const overtaken = trimmed > 0 ? trimmed : this.#overtakenSamples(captureMs, -gapSamples, samples);
    this.#slew(captureMs, samples - overtaken);
    if (!gated) {
      this.#writer.playLookBack();
      this.#writer.write(payload, samples, overtaken);
    } else if (trimmed < minTrimSamples) {
      this.#writer.hold(payload, samples);
    } else {
      this.#writer.tellLookBack();
      this.#counters.gatedPackets++;
      if (samples > trimmed) this.#writer.filler.silence(samples - trimmed);
    }
  }

  /** Tells silence up to a while before `nowMs`, for time in which no packet came. */
  passTo(nowMs: number): void {
    const toldUntilMs = nowMs - silenceLagMs;
    if (toldUntilMs - this.#writer.endMs > maxIdleMs) {
      this.#track.skipTo(toldUntilMs);
      this.breakOff();
    }
    while (toldUntilMs - this.#writer.endMs >= silenceFrameMs) {
      this.#writer.filler.silence(silenceFrameSamples);
      this.#silenceToldUntilMs = this.#track.nextCaptureMs;
      this.breakOff();
    }
  }

  /** Gives out what waits for more. */
  flush(): void {
    this.#writer.tellLookBack();
    if (this.#track.openSamples > 0) this.#track.flush();
  }

  /** The next packet doesn't follow upon the one before, as far as RTP time tells. */
  breakOff(): void {
    this.#endTimestamp = Number.NaN;
  }

  /** Another stream goes on here: nothing says how much is missing, and the break is marked. */
  restart(): void {
    this.breakOff();
    this.#writer.tellLookBack();
    this.#track.skipTo(this.#track.nextCaptureMs);
  }

  /**
   * Accounts for the time before `next`: what was lost of it, what was silence, and by how much the clock has moved.
   * Silence takes up a move of the clock whole; within speech only a capture that stalled does, and a small move is
   * spread over the packets that follow, so that nothing is torn out of the speech or put into it.
   */
  #fillGap(
    gapSamples: number,
    lostSamples: number,
    timestamp: number,
    next: Uint8Array,
    nextSamples: number,
    gated: boolean,
  ): void {
    const follows = !Number.isNaN(this.#endTimestamp);
    const mediaSamples = follows ? Math.round((timestamp - this.#endTimestamp) / ticksPerSample) : gapSamples;
    // A media clock that runs ahead with every hole must not take the line with it.
    let lost = Math.max(0, Math.min(mediaSamples, lostSamples, gapSamples + maxAheadSamples));
    let silent = mediaSamples - lost;
    const movedSamples = gapSamples - mediaSamples;
    if (silent > 0 || movedSamples > maxSlewSamples) silent += movedSamples;
    if (gated) {
      silent += lost;
      lost = 0;
    }
    if (lost <= 0 && silent <= 0) return;
    if (gated) this.#writer.tellLookBack();
    else this.#writer.playLookBack();
    this.#writer.filler.fill(lost, silent, next, nextSamples);
  }

  /** Lets the line's time approach the clock's by a small share of what is about to be written. */
  #slew(captureMs: number, sampleCount: number): void {
    const mostMs = (sampleCount / samplesPerMs) * slewShare;
    this.#track.slew(Math.max(-mostMs, Math.min(mostMs, captureMs - this.#writer.endMs)));
  }

  /**
   * How much of a packet to throw away because silence was told for its time. Where the line is ahead for another
   * reason, because the clock was put back, nothing is lost, within `maxAheadSamples`: the line waits for the clock.
   */
  #overtakenSamples(captureMs: number, aheadSamples: number, packetSamples: number): number {
    const toldSamples = Math.round((this.#silenceToldUntilMs - captureMs) * samplesPerMs);
    const overtaken = aheadSamples > maxAheadSamples ? aheadSamples : Math.min(aheadSamples, toldSamples);
    return Math.min(packetSamples, Math.max(0, overtaken));
  }
}
