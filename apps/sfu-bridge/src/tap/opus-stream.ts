import { packetTicks } from '../opus/opus-packet.ts';
import { type SpeechDecoder, samplesPerMs } from '../opus/speech-decoder.ts';
import { readAbsCaptureMs } from '../rtp/abs-capture-time.ts';
import { readAudioLevel } from '../rtp/audio-level.ts';
import { JitterBuffer } from '../rtp/jitter-buffer.ts';
import { RtpPacket } from '../rtp/rtp-packet.ts';
import { SequenceUnwrapper } from '../rtp/sequence-unwrapper.ts';
import { TimestampUnwrapper } from '../rtp/timestamp-unwrapper.ts';
import { AudioLevelGate } from './audio-level-gate.ts';
import { CaptureClock } from './capture-clock.ts';
import { CaptureLine } from './capture-line.ts';
import { rtpClockRateHz, ticksPerSample } from './rtp-clock.ts';
import type { SpeechTrack } from './speech-track.ts';
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
/** A frame that isn't full is given out after this long without packets. */
const flushAfterMs = 60;
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
  readonly #counters: TapCounters;
  readonly #packet = new RtpPacket();
  readonly #sequences = new SequenceUnwrapper();
  readonly #timestamps = new TimestampUnwrapper();
  readonly #jitter: JitterBuffer;
  readonly #clock = new CaptureClock();
  readonly #gate = new AudioLevelGate();
  readonly #line: CaptureLine;
  #ssrc = -1;
  #suspectSsrc = -1;
  #lostPackets = 0;
  #packetSamples = 320;
  #lastArrivalMs = 0;
  /** This stream's share of the sums in the counters. */
  #countedPackets = 0;
  #countedDelayMs = 0;
  #closed = false;

  constructor(options: OpusStreamOptions) {
    const { decoder, track, counters } = options;
    this.#format = options.format;
    this.#decoder = decoder;
    this.#counters = counters;
    this.#line = new CaptureLine(decoder, track, counters);
    this.#jitter = new JitterBuffer({
      capacityPackets: jitterCapacityPackets,
      minDelayMs: options.playoutDelayMs,
      maxDelayMs: options.maxPlayoutDelayMs,
      clockRateHz: rtpClockRateHz,
    });
    counters.streams++;
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
    // Not `subarray`: that of a Buffer is another Buffer, of twice the size and cost.
    const payload = comfortNoise
      ? empty
      : new Uint8Array(
          bytes.buffer,
          bytes.byteOffset + packet.payloadStart,
          packet.payloadEnd - packet.payloadStart,
        );
    const toldMs = readAbsCaptureMs(bytes, packet.extensions, absCaptureTimeId);
    const levelByte = readAudioLevel(bytes, packet.extensions, audioLevelId);
    if (this.#jitter.overflows(sequence)) {
      this.#counters.jitterOverflows++;
      this.#play(Number.POSITIVE_INFINITY);
    }
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
        this.#counters.discardedPackets += this.#jitter.discardedPackets;
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
    if (nowMs - this.#lastArrivalMs >= flushAfterMs) this.#line.flush();
    this.#line.passTo(nowMs);
  }

  /** After a mute: the sender's media clock may have stood still meanwhile, so the next packet sets the time anew. */
  resume(): void {
    this.#clock.reset();
    this.#line.breakOff();
  }

  /** Stops at once; packets that wait are not decoded any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#counters.streams--;
    this.#count(0, 0);
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
          this.#count(this.#jitter.held, this.#jitter.delayMs);
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

  #count(heldPackets: number, delayMs: number): void {
    this.#counters.heldPackets += heldPackets - this.#countedPackets;
    this.#counters.playoutDelayMs += delayMs - this.#countedDelayMs;
    this.#countedPackets = heldPackets;
    this.#countedDelayMs = delayMs;
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
    this.#line.write(payload, timestamp, samples, captureMs, this.#lostPackets * this.#packetSamples, gated);
    this.#lostPackets = 0;
    this.#packetSamples = samples;
  }

  /** The sender's numbers and clock begin anew: nothing says how much is missing. */
  #restart(): void {
    this.#counters.restarts++;
    this.#lostPackets = 0;
    this.#gate.open();
    this.#line.restart();
  }
}
