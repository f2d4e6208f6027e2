import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { types } from 'mediasoup';
import { absCaptureTimeUri } from '../rtp/abs-capture-time.ts';
import { audioLevelUri } from '../rtp/audio-level.ts';
import { readSenderReports } from '../rtp/sender-report.ts';
import type { RtpFormat } from './opus-stream.ts';

/** A stall of the event loop this long, with 20 speakers, still fits: about half a second. */
const receiveBufferBytes = 1 << 20;

/** Gets what comes of one producer. */
export interface TapReceiver {
  /** A packet, in memory of its own. */
  packet(bytes: Uint8Array): void;
  /** The router says that `rtpTimestamp` was captured at `ntpMs` of the wall clock. */
  report(ntpMs: number, rtpTimestamp: number): void;
}

/** RTP of one producer, as the tap receives it. */
export interface TappedProducer {
  readonly format: RtpFormat;
  /** Lets packets come. */
  resume(): Promise<void>;
  close(): void;
}

/**
 * How the RTP of one call comes from its router into this process: a PlainTransport that sends to a UDP socket of ours
 * (docs/decisions/0002-tap-transport.md). The socket is connected, so the kernel drops whatever doesn't come from there.
 */
export class CallTap {
  readonly #transport: types.PlainTransport;
  readonly #socket: Socket;
  readonly #receivers = new Map<number, TapReceiver>();
  readonly #onReport = (ssrc: number, ntpMs: number, rtpTimestamp: number) =>
    this.#receivers.get(ssrc)?.report(ntpMs, rtpTimestamp);
  readonly #router: types.Router;
  #closed = false;

  static async open(router: types.Router): Promise<CallTap> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: receiveBufferBytes });
    try {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      const transport = await router.createPlainTransport({
        listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
        rtcpMux: true,
        comedia: false,
      });
      socket.connect(transport.tuple.localPort, '127.0.0.1');
      await once(socket, 'connect');
      await transport.connect({ ip: '127.0.0.1', port: socket.address().port });
      return new CallTap(transport, socket, router);
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  private constructor(transport: types.PlainTransport, socket: Socket, router: types.Router) {
    this.#transport = transport;
    this.#socket = socket;
    this.#router = router;
    socket.on('message', (bytes) => this.#receive(bytes));
    // The worker's end is gone (connection refused): the call is about to be lost, which its router tells.
    socket.on('error', () => {});
  }

  /** Consumes a producer; `receiver` gets what comes of it after `resume`. */
  async consume(producerId: string, receiver: TapReceiver): Promise<TappedProducer> {
    const consumer = await this.#transport.consume({
      producerId,
      rtpCapabilities: this.#router.rtpCapabilities,
      paused: true,
    });
    const { codecs, encodings, headerExtensions = [] } = consumer.rtpParameters;
    const ssrc = encodings?.[0]?.ssrc;
    const payloadType = codecs[0]?.payloadType;
    const extensionId = (uri: string) => headerExtensions.find((each) => each.uri === uri)?.id ?? 0;
    if (ssrc === undefined || payloadType === undefined) {
      consumer.close();
      throw new Error('mediasoup gave a consumer without SSRC or codec');
    }
    this.#receivers.set(ssrc, receiver);
    return {
      format: {
        payloadType,
        audioLevelId: extensionId(audioLevelUri),
        absCaptureTimeId: extensionId(absCaptureTimeUri),
      },
      resume: () => consumer.resume(),
      close: () => {
        this.#receivers.delete(ssrc);
        consumer.close();
      },
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#receivers.clear();
    this.#transport.close();
    this.#socket.close();
  }

  #receive(bytes: Uint8Array): void {
    // RTCP shares the port: its packet types look like payload types 64 to 95 (RFC 5761 §4).
    if (bytes.length < 12) return;
    if ((bytes[1] & 0x60) === 0x40) {
      readSenderReports(bytes, this.#onReport);
      return;
    }
    const ssrc = ((bytes[8] << 24) | (bytes[9] << 16) | (bytes[10] << 8) | bytes[11]) >>> 0;
    this.#receivers.get(ssrc)?.packet(bytes);
  }
}
