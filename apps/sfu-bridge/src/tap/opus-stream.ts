import { isDtx, packetTicks } from '../opus/opus-packet.ts';
import { decodedRateHz, type SpeechDecoder } from '../opus/speech-decoder.ts';
import { readAbsCaptureMs } from '../rtp/abs-capture-time.ts';
import { readAudioLevel } from '../rtp/audio-level.ts';
import { JitterBuffer } from '../rtp/jitter-buffer.ts';
import { RtpPacket } from '../rtp/rtp-packet.ts';
import { SequenceUnwrapper } from '../rtp/sequence-unwrapper.ts';
import { TimestampUnwrapper } from '../rtp/timestamp-unwrapper.ts';
import { AudioLevelGate } from './audio-level-gate.ts';
import { CaptureClock } from './capture-clock.ts';
import { PacketWriter } from './packet-writer.ts';
import { rtpClockRateHz } from './rtp-clock.ts';
import { type SpeechTrack, silenceFrameSamples } from './speech-track.ts';
import type { TapCounters } from './tap-counters.ts';

/** What a stream's packets look like, as negotiated. */
export interface RtpFormat {
  payloadType: number;
  /** Ids of header extensions (RFC 8285); 0 where the packets don't carry them. */
  audioLevelId: number;
  absCaptureTimeId: number;
}

export interface OpusStreamOptions {
  format: RtpFormat;
  /** How long a packet waits behind a hole for the missing one: at first, and at most where the network is bad. */
  playoutDelayMs: number;
  maxPlayoutDelayMs: number;
  decoder: SpeechDecoder;
  track: SpeechTrack;
  counters: TapCounters;
}

/** Static payload type of comfort noise (RFC 3389 §4). */
const comfortNoiseType = 13;
const jitterCapacityPackets = 128;
const ticksPerSample = rtpClockRateHz / decodedRateHz;
const samplesPerMs = decodedRateHz / 1000;
/**
 * Silence is told for time passed without packets, but only up to this long ago, so that it rarely overtakes a packet
 * that is merely late.
 */
const silenceLagMs = 400;
/** Where the clock moves by more than this within speech, the capture stalled: that is silence. */
const maxSlewSamples = 640;
/** Smaller moves are spread: the line's time then runs faster or slower than its samples by this share. */
const slewShare = 1 / 40;
/** The line may run ahead of the clock by this much. */
const maxAheadSamples = 8_000;
/** Smaller cuts of silence are left to the slewing. */
const minTrimSamples = 160;
/** A frame that isn't full is given out after this long without packets. */
const flushAfterMs = 60;
/** After a pause of this process longer than this, the time in between counts as lost, not as silence. */
const maxIdleMs = 10_000;
const empty = new Uint8Array(0);

/**
 * One speaker's Opus over RTP (RFC 7587) → a line of 16 kHz speech, silence and marked losses in capture time.
 *
 * A timestamp that jumps without a hole in the sequence numbers is silence (DTX, pause). A hole is loss: rebuilt from
 * the next packet's in-band FEC where it has any, else concealed up to 120 ms, else left out as a discontinuity.
 * Where the sender says that its packets are silent, they are told as silence and not decoded.
 */
export class OpusStream {
  readonly #format: RtpFormat;
  readonly #decoder: SpeechDecoder;
  readonly #track: SpeechTrack;
  readonly #counters: TapCounters;
  readonly #packet = new RtpPacket();
  readonly #sequences = new SequenceUnwrapper();
  readonly #timestamps = new TimestampUnwrapper();
  readonly #jitter: JitterBuffer;
  readonly #clock = new CaptureClock();
  readonly #gate = new AudioLevelGate();
  readonly #writer: PacketWriter;
  #ssrc = -1;
  #suspectSsrc = -1;
  #lostPackets = 0;
  #packetSamples = 320;
  #lastArrivalMs = 0;
  /** Where the audio of the packet played last ended, in RTP time; NaN if the next one doesn't follow upon it. */
  #endTimestamp = Number.NaN;
  /** Capture time up to which silence was told without a packet that said so. */
  #silenceToldUntilMs = 0;
  #closed = false;

  constructor(options: OpusStreamOptions) {
    const { decoder, track, counters } = options;
    this.#format = options.format;
    this.#decoder = decoder;
    this.#track = track;
    this.#counters = counters;
    this.#writer = new PacketWriter(decoder, track, counters);
    this.#jitter = new JitterBuffer({
      capacityPackets: jitterCapacityPackets,
      minDelayMs: options.playoutDelayMs,
      maxDelayMs: options.maxPlayoutDelayMs,
      clockRateHz: rtpClockRateHz,
    });
  }

  /** Takes in one RTP packet. `bytes` are kept until the packet is decoded and must not change. */
  receive(bytes: Uint8Array, arrivalMs: number): void {
    if (this.#closed) return;
    const packet = this.#packet;
    const { payloadType, audioLevelId, absCaptureTimeId } = this.#format;
    this.#counters.packets++;
    const fault = packet.read(bytes);
    if (fault !== null) {
      this.#counters.faults[fault]++;
      return;
    }
    // Takes a sequence number and no time that we need: what is not spoken is silence anyway.
    const comfortNoise = packet.payloadType === comfortNoiseType && payloadType !== comfortNoiseType;
    if (comfortNoise) this.#counters.comfortNoisePackets++;
    else if (packet.payloadType !== payloadType) {
      this.#counters.faults['rtp-payload-type']++;
      return;
    }
    if (!this.#isFromSender(packet.ssrc)) return;
    this.#lastArrivalMs = arrivalMs;
    const sequence = this.#sequences.unwrap(packet.sequenceNumber);
    const timestamp = this.#timestamps.unwrap(packet.timestamp);
    const payload = comfortNoise ? empty : bytes.subarray(packet.payloadStart, packet.payloadEnd);
    const toldMs = readAbsCaptureMs(bytes, packet.extensions, absCaptureTimeId);
    const levelByte = readAudioLevel(bytes, packet.extensions, audioLevelId);
    if (this.#jitter.overflows(sequence)) this.#play(Number.POSITIVE_INFINITY);
    switch (this.#jitter.insert(sequence, timestamp, payload, arrivalMs, toldMs, levelByte)) {
      case 'duplicate':
        this.#counters.duplicatePackets++;
        return;
      case 'late':
        this.#counters.latePackets++;
        return;
      case 'suspect':
        this.#counters.suspectPackets++;
        return;
      case 'restarted':
        this.#clock.reset();
        this.#restart();
    }
    this.#play(arrivalMs);
  }

  /** Takes in a sender report: the RTP timestamp that corresponds to the wall clock `ntpMs`. */
  report(ntpMs: number, rtpTimestamp: number, arrivalMs: number): void {
    const timestamp = this.#timestamps.nearest(rtpTimestamp);
    if (!Number.isNaN(timestamp)) this.#clock.report(timestamp, ntpMs, arrivalMs);
  }

  /** Lets time pass: declares losses that no further packet reveals, and tells silence where nothing arrives. */
  tick(nowMs: number): void {
    if (this.#closed) return;
    this.#play(nowMs);
    if (this.#jitter.held > 0) return;
    if (nowMs - this.#lastArrivalMs >= flushAfterMs) {
      this.#writer.tellLookBack();
      if (this.#track.openSamples > 0) this.#track.flush();
    }
    const silenceFrameMs = silenceFrameSamples / samplesPerMs;
    const toldUntilMs = nowMs - silenceLagMs;
    if (toldUntilMs - this.#writer.endMs > maxIdleMs) {
      this.#track.skipTo(toldUntilMs);
      this.#endTimestamp = Number.NaN;
    }
    while (toldUntilMs - this.#writer.endMs >= silenceFrameMs) {
      this.#writer.filler.silence(silenceFrameSamples);
      this.#silenceToldUntilMs = this.#track.nextCaptureMs;
      this.#endTimestamp = Number.NaN;
    }
  }

  /** After a mute: the sender's media clock may have stood still meanwhile, so the next packet sets the time anew. */
  resume(): void {
    this.#clock.reset();
    this.#endTimestamp = Number.NaN;
  }

  /** Stops at once; packets that wait are not decoded any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#decoder.close();
  }

  /** RFC 3550 §8: another SSRC is another source, with numbers of its own; believed when two packets in a row say so. */
  #isFromSender(ssrc: number): boolean {
    if (ssrc !== this.#ssrc && this.#ssrc >= 0) {
      if (ssrc !== this.#suspectSsrc) {
        this.#suspectSsrc = ssrc;
        this.#counters.suspectPackets++;
        return false;
      }
      this.#play(Number.POSITIVE_INFINITY);
      this.#sequences.reset();
      this.#timestamps.reset();
      this.#jitter.restart();
      this.#clock.reset();
      this.#restart();
    }
    this.#ssrc = ssrc;
    this.#suspectSsrc = -1;
    return true;
  }

  #play(nowMs: number): void {
    for (;;) {
      switch (this.#jitter.take(nowMs)) {
        case 'nothing':
          return;
        case 'lost':
          this.#lostPackets += this.#jitter.lostPackets;
          this.#counters.lostPackets += this.#jitter.lostPackets;
          break;
        case 'packet':
          this.#playPacket();
      }
    }
  }

  #playPacket(): void {
    const { payload, timestamp, arrivalMs, toldMs, levelByte } = this.#jitter;
    // Comfort noise, or padding only, as sent by bandwidth probes: a sequence number and no time.
    if (payload.length === 0) return;
    const ticks = packetTicks(payload);
    if (ticks === 0) {
      this.#counters.decodeErrors++;
      this.#lostPackets++;
      return;
    }
    const samples = ticks / ticksPerSample;
    if (this.#clock.observe(timestamp, ticks, arrivalMs, toldMs)) this.#restart();
    this.#counters.timedPackets[this.#clock.source]++;
    const captureMs = this.#clock.captureMs(timestamp);
    const gated = this.#gate.pass(levelByte, samples / samplesPerMs);
    const gapSamples = this.#gapSamples(captureMs);
    this.#fillGap(gapSamples, timestamp, payload, samples, gated);
    this.#lostPackets = 0;
    this.#packetSamples = samples;
    this.#endTimestamp = timestamp + ticks;

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

  /** From the end of the line to `captureMs`; negative if the line is ahead. */
  #gapSamples(captureMs: number): number {
    return Math.round((captureMs - this.#writer.endMs) * samplesPerMs);
  }

  /**
   * Accounts for the time before `next`: what was lost of it, what was silence, and by how much the clock has moved.
   * Silence takes up a move of the clock whole; within speech only a capture that stalled does, and a small move is
   * spread over the packets that follow, so that nothing is torn out of the speech or put into it.
   */
  #fillGap(
    gapSamples: number,
    timestamp: number,
    next: Uint8Array,
    nextSamples: number,
    gated: boolean,
  ): void {
    const follows = !Number.isNaN(this.#endTimestamp);
    const mediaSamples = follows ? Math.round((timestamp - this.#endTimestamp) / ticksPerSample) : gapSamples;
    let lost = Math.max(0, Math.min(mediaSamples, this.#lostPackets * this.#packetSamples));
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

  /** The sender's numbers and clock begin anew: nothing says how much is missing. */
  #restart(): void {
    this.#counters.restarts++;
    this.#lostPackets = 0;
    this.#endTimestamp = Number.NaN;
    this.#gate.open();
    this.#writer.tellLookBack();
    this.#track.skipTo(this.#track.nextCaptureMs);
  }
}
