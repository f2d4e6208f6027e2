import type { types } from 'mediasoup';
import { absCaptureTimeUri } from '../rtp/abs-capture-time.ts';
import { audioLevelUri } from '../rtp/audio-level.ts';
import type { Desk } from './desk.ts';
import type { RtpFormat } from './opus-stream.ts';

/** RTP of one producer on its way to the desk. */
export interface TappedProducer {
  readonly ssrc: number;
  readonly format: RtpFormat;
  /** Lets packets come. */
  resume(): Promise<void>;
  close(): void;
}

/**
 * How the RTP of one call comes from its router to a desk: a PlainTransport that sends to a UDP socket there
 * (docs/decisions/0002-tap-transport.md). The socket is connected, so the kernel drops whatever doesn't come from the router.
 */
export class CallTap {
  /** Names the socket at the desk. */
  readonly socket: number;
  readonly #transport: types.PlainTransport;
  readonly #router: types.Router;
  readonly #desk: Desk;
  #closed = false;

  static async open(router: types.Router, desk: Desk, socket: number): Promise<CallTap> {
    const port = await desk.openSocket(socket);
    try {
      const transport = await router.createPlainTransport({
        listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
        rtcpMux: true,
        comedia: false,
      });
      await desk.connectSocket(socket, transport.tuple.localPort);
      await transport.connect({ ip: '127.0.0.1', port });
      return new CallTap(socket, transport, router, desk);
    } catch (error) {
      desk.closeSocket(socket);
      throw error;
    }
  }

  private constructor(socket: number, transport: types.PlainTransport, router: types.Router, desk: Desk) {
    this.socket = socket;
    this.#transport = transport;
    this.#router = router;
    this.#desk = desk;
  }

  /** Consumes a producer; nothing comes of it before `resume`. */
  async consume(producerId: string): Promise<TappedProducer> {
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
    return {
      ssrc,
      format: {
        payloadType,
        audioLevelId: extensionId(audioLevelUri),
        absCaptureTimeId: extensionId(absCaptureTimeUri),
      },
      resume: () => consumer.resume(),
      close: () => consumer.close(),
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#transport.close();
    this.#desk.closeSocket(this.socket);
  }
}
