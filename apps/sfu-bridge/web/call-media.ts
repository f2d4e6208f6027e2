import type { Joined } from '@undertone/wire';
import { Device } from 'mediasoup-client';
import type { Producer, Transport } from 'mediasoup-client/types';
import type { Signalling } from './signalling.ts';

/** The audio of one stay in a call: our microphone out, the others' voices in. */
export interface CallMedia {
  /** Starts to send the microphone. */
  speak(track: MediaStreamTrack): Promise<void>;
  /** Sends another microphone from now on. */
  replaceMicrophone(track: MediaStreamTrack): Promise<void>;
  /** Muted: no audio leaves the browser at all. */
  setMuted(muted: boolean): void;
  /** The voice behind someone's producer. */
  listen(producerId: string): Promise<MediaStream>;
  close(): void;
}

/** @throws Error `UnsupportedError` if the browser has no WebRTC that mediasoup-client knows */
export type OpenCallMedia = (
  signalling: Signalling,
  routerRtpCapabilities: Joined['routerRtpCapabilities'],
  onFailed: () => void,
) => Promise<CallMedia>;

type RtpCapabilities = Parameters<Device['load']>[0]['routerRtpCapabilities'];
type TransportOptions = Parameters<Device['createSendTransport']>[0];
type ConsumerOptions = Parameters<Transport['consume']>[0];

/** Call media over WebRTC with mediasoup-client. */
export const openMediasoupMedia: OpenCallMedia = async (signalling, routerRtpCapabilities, onFailed) => {
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities: routerRtpCapabilities as RtpCapabilities });
  return new MediasoupMedia(signalling, device, onFailed);
};

class MediasoupMedia implements CallMedia {
  readonly #signalling: Signalling;
  readonly #device: Device;
  readonly #onFailed: () => void;
  #producer: Producer | null = null;
  #muted = false;
  #sending: Transport | null = null;
  #receiving: Promise<Transport> | null = null;
  #closed = false;

  constructor(signalling: Signalling, device: Device, onFailed: () => void) {
    this.#signalling = signalling;
    this.#device = device;
    this.#onFailed = onFailed;
  }

  async speak(track: MediaStreamTrack): Promise<void> {
    this.#sending = await this.#createTransport('send');
    this.#producer = await this.#sending.produce({
      track,
      stopTracks: false,
      // Muted means that no packet leaves the browser; the microphone's meter may go on.
      zeroRtpOnPause: true,
      disableTrackOnPause: false,
      codecOptions: { opusDtx: true, opusFec: true, opusStereo: false },
    });
    this.setMuted(this.#muted);
  }

  async replaceMicrophone(track: MediaStreamTrack): Promise<void> {
    await this.#producer?.replaceTrack({ track });
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    if (muted) this.#producer?.pause();
    else this.#producer?.resume();
  }

  async listen(producerId: string): Promise<MediaStream> {
    this.#receiving ??= this.#createTransport('receive');
    const transport = await this.#receiving;
    const options = await this.#signalling.ask('consume', {
      producerId,
      rtpCapabilities: this.#device.recvRtpCapabilities as unknown as Record<string, unknown>,
    });
    const consumer = await transport.consume(options as ConsumerOptions);
    await this.#signalling.ask('resume', { consumerId: consumer.id });
    return new MediaStream([consumer.track]);
  }

  close(): void {
    this.#closed = true;
    this.#sending?.close();
    void this.#receiving?.then(
      (transport) => transport.close(),
      () => {},
    );
  }

  async #createTransport(direction: 'send' | 'receive'): Promise<Transport> {
    const options = (await this.#signalling.ask('create-transport', { direction })) as TransportOptions;
    const transport =
      direction === 'send'
        ? this.#device.createSendTransport(options)
        : this.#device.createRecvTransport(options);
    transport.on('connect', ({ dtlsParameters }, done, fail) => {
      this.#signalling
        .ask('connect-transport', {
          transportId: transport.id,
          dtlsParameters: dtlsParameters as unknown as Record<string, unknown>,
        })
        .then(() => done(), fail);
    });
    transport.on('produce', ({ rtpParameters }, done, fail) => {
      this.#signalling
        .ask('produce', {
          transportId: transport.id,
          rtpParameters: rtpParameters as unknown as Record<string, unknown>,
        })
        .then(({ producerId }) => done({ id: producerId }), fail);
    });
    transport.on('connectionstatechange', (state) => {
      if (state === 'failed' && !this.#closed) this.#onFailed();
    });
    if (this.#closed) transport.close();
    return transport;
  }
}
