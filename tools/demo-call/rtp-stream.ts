import { randomInt } from 'node:crypto';
import { type OpusFrame, opusFrameMs } from './opus-track.ts';

/** RTP clock of Opus, whatever the encoder's rate: RFC 7587 §4.1. */
const opusClockRateHz = 48_000;
const ticksPerFrame = (opusClockRateHz * opusFrameMs) / 1_000;

export interface RtpStreamOptions {
  ssrc: number;
  payloadType: number;
  /** Id of `urn:ietf:params:rtp-hdrext:ssrc-audio-level` (RFC 6464), 1…14. */
  audioLevelExtensionId: number;
  /** Random when absent, as RFC 3550 §5.1 asks. */
  firstSequence?: number;
  firstTimestamp?: number;
}

/** One sender's RTP packets and sender reports: RFC 3550, with Opus as RFC 7587 packs it. */
export class RtpStream {
  readonly #ssrc: number;
  readonly #payloadType: number;
  readonly #audioLevelExtensionId: number;
  readonly #firstTimestamp: number;
  #sequence: number;
  #packets = 0;
  #payloadBytes = 0;

  constructor(options: RtpStreamOptions) {
    this.#ssrc = options.ssrc;
    this.#payloadType = options.payloadType;
    this.#audioLevelExtensionId = options.audioLevelExtensionId;
    this.#sequence = options.firstSequence ?? randomInt(0x8000);
    this.#firstTimestamp = options.firstTimestamp ?? randomInt(0xffff_ffff);
  }

  /**
   * The RTP packet of one frame: RFC 3550 §5.1 with a one-byte header extension (RFC 8285 §4.2).
   * @param slot position of the frame in the stream, in steps of 20 ms; frames that DTX left out count too
   */
  packet(frame: OpusFrame, slot: number): Buffer {
    const packet = Buffer.alloc(20 + frame.payload.length);
    packet[0] = 0x90; // version 2, extension present
    packet[1] = (frame.talkspurtStart ? 0x80 : 0) | this.#payloadType;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(this.#timestamp(slot), 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    packet.writeUInt16BE(0xbede, 12);
    packet.writeUInt16BE(1, 14);
    packet[16] = this.#audioLevelExtensionId << 4; // length field 0: one byte
    packet[17] = (frame.voice ? 0x80 : 0) | frame.levelBelowOverloadDb;
    frame.payload.copy(packet, 20);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#packets++;
    this.#payloadBytes += frame.payload.length;
    return packet;
  }

  /**
   * Sender report and CNAME: RFC 3550 §6.4.1, §6.5.1. It ties the RTP clock to the wall clock.
   * @param slot a frame of the stream
   * @param wallMs when its first sample was captured, milliseconds since the Unix epoch
   */
  senderReport(slot: number, wallMs: number, cname: string): Buffer {
    const name = Buffer.from(cname, 'ascii');
    const chunkBytes = 4 * Math.ceil((4 + 2 + name.length + 1) / 4); // SSRC, item header, text, terminator
    const report = Buffer.alloc(28 + 4 + chunkBytes);
    report[0] = 0x80;
    report[1] = 200;
    report.writeUInt16BE(6, 2);
    report.writeUInt32BE(this.#ssrc, 4);
    const ntpSeconds = wallMs / 1_000 + 2_208_988_800; // from 1900: RFC 5905
    report.writeUInt32BE(Math.floor(ntpSeconds) % 0x1_0000_0000, 8);
    report.writeUInt32BE(Math.floor((ntpSeconds % 1) * 0x1_0000_0000), 12);
    report.writeUInt32BE(this.#timestamp(slot), 16);
    report.writeUInt32BE(this.#packets % 0x1_0000_0000, 20);
    report.writeUInt32BE(this.#payloadBytes % 0x1_0000_0000, 24);
    report[28] = 0x81;
    report[29] = 202;
    report.writeUInt16BE(chunkBytes / 4, 30);
    report.writeUInt32BE(this.#ssrc, 32);
    report[36] = 1; // CNAME
    report[37] = name.length;
    name.copy(report, 38);
    return report;
  }

  #timestamp(slot: number): number {
    return (this.#firstTimestamp + slot * ticksPerFrame) % 0x1_0000_0000;
  }
}
