import { lookup } from 'node:dns/promises';
import type { PipedRtp, PipeEndpoint } from '@undertone/wire';
import type { types } from 'mediasoup';
import { absCaptureTimeUri } from '../rtp/abs-capture-time.ts';
import { audioLevelUri } from '../rtp/audio-level.ts';
import { rtpClockRateHz } from '../tap/rtp-clock.ts';

/** Where the bridge receives what hosts pipe in. */
export interface PipeListen {
  host: string;
  announcedAddress: string | null;
  /** UDP ports to choose from; null leaves the choice to mediasoup. */
  portRange: { min: number; max: number } | null;
}

/** The one suite that PipeTransports speak. */
const cryptoSuite = 'AEAD_AES_256_GCM';

/** The bridge's end of the pipe from a host's router into a call's router: SRTP over UDP, from worker to worker. */
export class HostPipe {
  readonly #transport: types.PipeTransport;

  /** @throws Error if the address of the other end is unknown or no port is free */
  static async open(router: types.Router, remote: PipeEndpoint, listen: PipeListen): Promise<HostPipe> {
    const { address: ip } = await lookup(remote.address);
    const transport = await router.createPipeTransport({
      listenInfo: {
        protocol: 'udp',
        ip: listen.host,
        ...(listen.announcedAddress === null ? {} : { announcedAddress: listen.announcedAddress }),
        ...(listen.portRange === null ? {} : { portRange: listen.portRange }),
      },
      enableSrtp: true,
    });
    try {
      await transport.connect({
        ip,
        port: remote.port,
        srtpParameters: { cryptoSuite, keyBase64: remote.srtpKey },
      });
      return new HostPipe(transport);
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  private constructor(transport: types.PipeTransport) {
    this.#transport = transport;
  }

  /** This end, as the host must know it. */
  get endpoint(): PipeEndpoint {
    const { localAddress, localPort } = this.#transport.tuple;
    return { address: localAddress, port: localPort, srtpKey: this.#transport.srtpParameters!.keyBase64 };
  }

  async rtpBytesReceived(): Promise<number> {
    const [stats] = await this.#transport.getStats();
    return stats?.rtpBytesReceived ?? 0;
  }

  /** @throws Error if mediasoup refuses the parameters, as where another speaker has the same SSRC */
  produce(rtp: PipedRtp, paused: boolean): Promise<types.Producer> {
    return this.#transport.produce({ kind: 'audio', rtpParameters: rtpParameters(rtp), paused });
  }

  /** Closes its producers, too. Idempotent. */
  close(): void {
    this.#transport.close();
  }
}

const rtpParameters = ({
  payloadType,
  ssrc,
  cname,
  audioLevelId,
  absCaptureTimeId,
}: PipedRtp): types.RtpParameters => ({
  codecs: [
    {
      mimeType: 'audio/opus',
      payloadType,
      clockRate: rtpClockRateHz,
      channels: 2,
      parameters: { useinbandfec: 1, usedtx: 1 },
    },
  ],
  encodings: [{ ssrc, dtx: true }],
  headerExtensions: (
    [
      { uri: audioLevelUri, id: audioLevelId },
      { uri: absCaptureTimeUri, id: absCaptureTimeId },
    ] as const
  ).filter(({ id }) => id > 0),
  ...(cname === null ? {} : { rtcp: { cname } }),
});
