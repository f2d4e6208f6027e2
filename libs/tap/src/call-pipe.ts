import { lookup } from 'node:dns/promises';
import type { types } from 'mediasoup';
import type { BridgeSession } from './bridge-session.ts';
import type { PipeListenInfo } from './tap-options.ts';

/** The one suite that PipeTransports speak (RFC 7714). */
const cryptoSuite = 'AEAD_AES_256_GCM';

/** Some packets, so that one on its way is not missed. */
const leastBytes = 1_000;

/** This host's end of the pipe from a call's router to the bridge's: SRTP over UDP, from worker to worker. */
export class CallPipe {
  readonly #session: BridgeSession;
  readonly #callId: string;
  readonly #transport: types.PipeTransport;
  /** Whether RTP has come through, or that none does has been said. */
  #checked = false;

  /** @throws TapError if the bridge refuses; Error if this host's worker does */
  static async open(
    router: types.Router,
    callId: string,
    session: BridgeSession,
    listen: PipeListenInfo,
  ): Promise<CallPipe> {
    const { ip, announcedAddress, portRange } = listen;
    const transport = await router.createPipeTransport({
      listenInfo: {
        protocol: 'udp',
        ip,
        ...(announcedAddress === undefined ? {} : { announcedAddress }),
        ...(portRange === undefined ? {} : { portRange }),
      },
      enableSrtp: true,
    });
    try {
      const { localAddress, localPort } = transport.tuple;
      const { endpoint } = await session.request('open-pipe', {
        callId,
        endpoint: { address: localAddress, port: localPort, srtpKey: transport.srtpParameters!.keyBase64 },
      });
      const { address } = await lookup(endpoint.address);
      await transport.connect({
        ip: address,
        port: endpoint.port,
        srtpParameters: { cryptoSuite, keyBase64: endpoint.srtpKey },
      });
      return new CallPipe(session, callId, transport);
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  private constructor(session: BridgeSession, callId: string, transport: types.PipeTransport) {
    this.#session = session;
    this.#callId = callId;
    this.#transport = transport;
  }

  /** Sends the producer's RTP into the pipe. */
  consume(producerId: string): Promise<types.Consumer> {
    return this.#transport.consume({ producerId });
  }

  /**
   * Resolves to the address at which nothing arrives though RTP is sent there; null if some arrives, if none is sent, or
   * if that has been told.
   * @throws TapError if the bridge refuses; Error if this host's worker does
   */
  async unreachable(): Promise<string | null> {
    if (this.#checked) return null;
    const [stats] = await this.#transport.getStats();
    if (!stats || stats.rtpBytesSent < leastBytes) return null;
    const { rtpBytesReceived } = await this.#session.request('check-pipe', { callId: this.#callId });
    this.#checked = true;
    const { remoteIp, remotePort } = this.#transport.tuple;
    return rtpBytesReceived > 0 ? null : `${remoteIp}:${remotePort}`;
  }

  /** Closes what it consumes, too. Idempotent. */
  close(): void {
    this.#transport.close();
  }
}
