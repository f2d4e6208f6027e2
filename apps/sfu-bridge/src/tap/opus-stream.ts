import { hasInbandFec, isDtx, packetTicks } from '../opus/opus-packet.ts';
import { decodedRateHz, maxDecodedSamples, type SpeechDecoder, undecodable } from '../opus/speech-decoder.ts';
import { JitterBuffer } from '../rtp/jitter-buffer.ts';
import { RtpPacket } from '../rtp/rtp-packet.ts';
import { SequenceUnwrapper } from '../rtp/sequence-unwrapper.ts';
import { TimestampUnwrapper } from '../rtp/timestamp-unwrapper.ts';
import { CaptureClock } from './capture-clock.ts';
import { rtpClockRateHz } from './rtp-clock.ts';
import { type SpeechTrack, silenceFrameSamples } from './speech-track.ts';
import type { TapCounters } from './tap-counters.ts';

export interface OpusStreamOptions {
  payloadType: number;
  /** How long a packet waits behind a hole for the missing one. */
  playoutDelayMs: number;
  decoder: SpeechDecoder;
  track: SpeechTrack;
  counters: TapCounters;
}

const jitterCapacityPackets = 128;
const ticksPerSample = rtpClockRateHz / decodedRateHz;
const samplesPerMs = decodedRateHz / 1000;
/** Concealment is worth hearing for this long; what is lost beyond is left out and marked. */
const maxConcealedSamples = 1_920;
/** Opus conceals in steps of 2.5 ms. */
const concealmentStepSamples = 40;
/**
 * Silence is told for time passed without packets, but only up to this long ago, so that it rarely overtakes a packet
 * that is merely late.
 */
const silenceLagMs = 400;
/** The line may run ahead of the clock by this much until a pause. */
const maxAheadSamples = 8_000;
/** A frame that isn't full is given out after this long without packets. */
const flushAfterMs = 60;
/** After a pause of this process longer than this, the time in between counts as lost, not as silence. */
const maxIdleMs = 10_000;

/**
 * One speaker's Opus over RTP → a line of 16 kHz speech, silence and marked losses in capture time.
 *
 * A timestamp that jumps without a hole in the sequence numbers is silence (DTX, pause). A hole is loss: rebuilt from
 * the next packet's in-band FEC where it has any, else concealed up to 120 ms, else left out as a discontinuity.
 */
export class OpusStream {
  #payloadType: number;
  #decoder: SpeechDecoder;
  #track: SpeechTrack;
  #counters: TapCounters;
  #packet = new RtpPacket();
  #sequences = new SequenceUnwrapper();
  #timestamps = new TimestampUnwrapper();
  #jitter: JitterBuffer;
  #clock = new CaptureClock();
  #out = new Int16Array(maxDecodedSamples);
  #lostPackets = 0;
  #packetSamples = 320;
  #lastArrivalMs = 0;
  /** Capture time up to which silence was told without a packet that said so. */
  #silenceToldUntilMs = 0;
  #closed = false;

  constructor(options: OpusStreamOptions) {
    this.#payloadType = options.payloadType;
    this.#decoder = options.decoder;
    this.#track = options.track;
    this.#counters = options.counters;
    this.#jitter = new JitterBuffer({
      capacityPackets: jitterCapacityPackets,
      maxDelayMs: options.playoutDelayMs,
      clockRateHz: rtpClockRateHz,
    });
  }

  /** Takes in one RTP packet. `bytes` are kept until the packet is decoded and must not change. */
  receive(bytes: Uint8Array, arrivalMs: number): void {
    if (this.#closed) return;
    const packet = this.#packet;
    this.#counters.packets++;
    const fault =
      packet.read(bytes) ?? (packet.payloadType === this.#payloadType ? null : 'rtp-payload-type');
    if (fault !== null) {
      this.#counters.faults[fault]++;
      return;
    }
    this.#lastArrivalMs = arrivalMs;
    const sequence = this.#sequences.unwrap(packet.sequenceNumber);
    const timestamp = this.#timestamps.unwrap(packet.timestamp);
    const payload = bytes.subarray(packet.payloadStart, packet.payloadEnd);
    if (this.#jitter.overflows(sequence)) this.#play(Number.POSITIVE_INFINITY);
    switch (this.#jitter.insert(sequence, timestamp, payload, arrivalMs)) {
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

  /** Lets time pass: declares losses that no further packet reveals, and tells silence where nothing arrives. */
  tick(nowMs: number): void {
    if (this.#closed) return;
    this.#play(nowMs);
    if (this.#jitter.held > 0) return;
    if (this.#track.openSamples > 0 && nowMs - this.#lastArrivalMs >= flushAfterMs) this.#track.flush();
    const silenceFrameMs = silenceFrameSamples / samplesPerMs;
    const toldUntilMs = nowMs - silenceLagMs;
    if (toldUntilMs - this.#track.nextCaptureMs > maxIdleMs) this.#track.skipTo(toldUntilMs);
    while (toldUntilMs - this.#track.nextCaptureMs >= silenceFrameMs) {
      this.#writeSilence(silenceFrameSamples);
      this.#silenceToldUntilMs = this.#track.nextCaptureMs;
    }
  }

  /** After a mute: the sender's media clock may have stood still meanwhile, so the next packet sets the time anew. */
  resume(): void {
    this.#clock.reset();
  }

  /** Stops at once; packets that wait are not decoded any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#decoder.close();
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
          this.#playPacket(this.#jitter.payload, this.#jitter.timestamp, this.#jitter.arrivalMs);
      }
    }
  }

  #playPacket(payload: Uint8Array, timestamp: number, arrivalMs: number): void {
    // Padding only, as sent by bandwidth probes: it takes a sequence number and no time.
    if (payload.length === 0) return;
    const ticks = packetTicks(payload);
    if (ticks === 0) {
      this.#counters.decodeErrors++;
      this.#lostPackets++;
      return;
    }
    const samples = ticks / ticksPerSample;
    if (this.#clock.observe(timestamp, ticks, arrivalMs)) this.#restart();
    const captureMs = this.#clock.captureMs(timestamp);
    const gapSamples = Math.round((captureMs - this.#track.nextCaptureMs) * samplesPerMs);
    if (gapSamples > 0) this.#fillGap(gapSamples, payload, samples);
    this.#lostPackets = 0;
    this.#packetSamples = samples;

    let decoded = this.#decoder.decode(payload, this.#out);
    const concealed = decoded === undecodable;
    if (concealed) {
      this.#counters.decodeErrors++;
      decoded = this.#decoder.conceal(samples, this.#out);
      this.#counters.concealedSamples += decoded;
    } else {
      this.#counters.decodedPackets++;
    }
    const overtaken = this.#overtakenSamples(captureMs, -gapSamples, decoded);
    this.#counters.overtakenSamples += overtaken;
    if (isDtx(payload)) this.#writeSilence(decoded - overtaken);
    else this.#track.writeSpeech(this.#out, overtaken, decoded, concealed);
  }

  /**
   * How much of a packet to throw away because silence was told for its time. Where the line is ahead for another
   * reason, because the clock was put back, nothing is lost: the next pause makes up for it, within `maxAheadSamples`.
   */
  #overtakenSamples(captureMs: number, aheadSamples: number, decoded: number): number {
    const toldSamples = Math.round((this.#silenceToldUntilMs - captureMs) * samplesPerMs);
    const overtaken = aheadSamples > maxAheadSamples ? aheadSamples : Math.min(aheadSamples, toldSamples);
    return Math.min(decoded, Math.max(0, overtaken));
  }

  /**
   * Accounts for the time between what was written and `next`: what was lost of it, and what was silence.
   * In-band FEC holds the audio just before its packet, of the same length (RFC 6716 §2.1.7).
   */
  #fillGap(gapSamples: number, next: Uint8Array, nextSamples: number): void {
    const lost = Math.min(gapSamples, this.#lostPackets * this.#packetSamples);
    const recoverable = lost >= nextSamples && hasInbandFec(next) ? nextSamples : 0;
    const concealable = wholeSteps(Math.min(lost - recoverable, maxConcealedSamples - recoverable));
    const skipped = lost - recoverable - concealable;

    if (concealable > 0) {
      const made = this.#decoder.conceal(concealable, this.#out);
      this.#counters.concealedSamples += made;
      this.#track.writeSpeech(this.#out, 0, made, true);
    }
    if (skipped > 0) {
      this.#counters.skippedSamples += skipped;
      this.#track.skipTo(this.#track.nextCaptureMs + skipped / samplesPerMs);
    }
    if (gapSamples > lost) this.#writeSilence(gapSamples - lost);
    if (recoverable > 0) this.#recover(next, recoverable);
  }

  #recover(next: Uint8Array, sampleCount: number): void {
    const recovered = this.#decoder.recover(next, sampleCount, this.#out);
    if (recovered > 0) {
      this.#counters.recoveredSamples += recovered;
      this.#track.writeSpeech(this.#out, 0, recovered, true);
      return;
    }
    const made = this.#decoder.conceal(sampleCount, this.#out);
    this.#counters.concealedSamples += made;
    this.#track.writeSpeech(this.#out, 0, made, true);
  }

  #writeSilence(sampleCount: number): void {
    if (sampleCount === 0) return;
    this.#counters.silenceSamples += sampleCount;
    this.#track.writeSilence(sampleCount);
  }

  /** The sender's numbers and clock begin anew: nothing says how much is missing. */
  #restart(): void {
    this.#counters.restarts++;
    this.#lostPackets = 0;
    this.#track.skipTo(this.#track.nextCaptureMs);
  }
}

const wholeSteps = (samples: number): number => samples - (samples % concealmentStepSamples);
