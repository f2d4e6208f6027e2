import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { PlainSpeaker } from '@undertone/wire';
import OpusScript from 'opusscript';

export const packetSamples = 320;
const packetTicks = 960;

/** Real speech (EmoDB, see NOTICE there): mono, 16 kHz. */
export function readSpeech(name: '08a02Wc' | '11a02Nc' | '11b09Fd'): Int16Array {
  const wav = readFileSync(new URL(`../fixtures/speech/${name}.wav`, import.meta.url));
  return new Int16Array(
    wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length - (wav.length % 2)),
  );
}

/** Encodes 20 ms packets with in-band FEC, as a caller on a lossy network would. */
export function encodeSpeech(speech: Int16Array): Uint8Array[] {
  const encoder = new OpusScript(16_000, 1, OpusScript.Application.VOIP);
  encoder.setBitrate(32_000);
  encoder.encoderCTL(4012, 1); // OPUS_SET_INBAND_FEC
  encoder.encoderCTL(4014, 10); // OPUS_SET_PACKET_LOSS_PERC
  const packets: Uint8Array[] = [];
  for (let at = 0; at + packetSamples <= speech.length; at += packetSamples) {
    const pcm = speech.subarray(at, at + packetSamples);
    packets.push(encoder.encode(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength), packetSamples));
  }
  encoder.delete();
  return packets;
}

/** Sends Opus packets as RTP over UDP to where the bridge said. */
export class RtpSender {
  readonly #socket: Socket;
  readonly #speaker: Pick<PlainSpeaker, 'rtp'>;
  /** Near the wrap of both counters, so that every test crosses it. */
  readonly #firstSequence = 65_500;
  readonly #firstTimestamp = 0xffff_ffff - 20 * packetTicks;

  static async open(speaker: Pick<PlainSpeaker, 'rtp'>): Promise<RtpSender> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new RtpSender(socket, speaker);
  }

  private constructor(socket: Socket, speaker: Pick<PlainSpeaker, 'rtp'>) {
    this.#socket = socket;
    this.#speaker = speaker;
  }

  /**
   * Sends packet number `n` of the stream, whose audio begins `place` × 20 ms after the stream's start, with header
   * extensions by their ids.
   */
  send(
    n: number,
    payload: Uint8Array,
    place = n,
    extensions: readonly (readonly [number, Uint8Array])[] = [],
  ): Promise<void> {
    const { ip, port, payloadType, ssrc } = this.#speaker.rtp;
    const block = extensionBlock(extensions);
    const packet = Buffer.alloc(12 + block.length + payload.length);
    packet[0] = block.length > 0 ? 0x90 : 0x80;
    packet[1] = payloadType;
    packet.writeUInt16BE((this.#firstSequence + n) & 0xffff, 2);
    packet.writeUInt32BE((this.#firstTimestamp + packetTicks * place) % 0x1_0000_0000, 4);
    packet.writeUInt32BE(ssrc, 8);
    packet.set(block, 12);
    packet.set(payload, 12 + block.length);
    return new Promise((resolve, reject) => {
      this.#socket.send(packet, port, ip, (error) => (error ? reject(error) : resolve()));
    });
  }

  close(): void {
    this.#socket.close();
  }
}

/** Header extensions with one-byte headers (RFC 8285 §4.2). */
function extensionBlock(extensions: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  if (extensions.length === 0) return new Uint8Array(0);
  const elements = extensions.flatMap(([id, data]) => [(id << 4) | (data.length - 1), ...data]);
  while (elements.length % 4 !== 0) elements.push(0);
  return Uint8Array.from([0xbe, 0xde, 0, elements.length / 4, ...elements]);
}
