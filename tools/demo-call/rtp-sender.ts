import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { PlainSpeaker } from '@undertone/wire';
import type { OpusFrame } from './opus-track.ts';
import { RtpStream } from './rtp-stream.ts';

/** RFC 3550 §6.2 recommends 5 s between the reports of a small session. */
const slotsPerReport = 250;

/** Sends one speaker's Opus frames as RTP over UDP, with sender reports on the same port (RFC 5761). */
export class RtpSender {
  readonly #socket: Socket;
  readonly #stream: RtpStream;
  readonly #cname: string;
  #closed = false;
  #reportedSlot = Number.NEGATIVE_INFINITY;

  private constructor(socket: Socket, stream: RtpStream, cname: string) {
    this.#socket = socket;
    this.#stream = stream;
    this.#cname = cname;
  }

  /**
   * Opens a socket towards the place that the bridge named for this speaker.
   * @param onUnreachable called when the operating system reports that nobody listens there any more
   */
  static async open({ speaker, rtp }: PlainSpeaker, onUnreachable: () => void): Promise<RtpSender> {
    const socket = createSocket(rtp.ip.includes(':') ? 'udp6' : 'udp4');
    socket.connect(rtp.port, rtp.ip);
    await once(socket, 'connect');
    // On a connected socket an ICMP "port unreachable" comes back as an error of the socket or of a later send.
    socket.on('error', onUnreachable);
    return new RtpSender(socket, new RtpStream(rtp), `${speaker.id}@${speaker.callId}`);
  }

  /**
   * Sends one frame, and a sender report with it when one is due. Never blocks.
   * @param slot position of the frame in the stream, in steps of 20 ms
   * @param wallMs when its first sample was captured, milliseconds since the Unix epoch
   */
  send(frame: OpusFrame, slot: number, wallMs: number): void {
    if (this.#closed) return;
    // Without a callback a failed send is emitted as the socket's `error`.
    this.#socket.send(this.#stream.packet(frame, slot));
    if (slot - this.#reportedSlot < slotsPerReport) return;
    this.#reportedSlot = slot;
    this.#socket.send(this.#stream.senderReport(slot, wallMs, this.#cname));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }
}
