import { Device } from 'mediasoup-client';
import type { ConsumerOptions, RtpCapabilities, Transport } from 'mediasoup-client/types';
import { io, type Socket } from 'socket.io-client';
import type { ConferenceNews, ConferenceRequests, Join, Joined } from '../src/conference-events.ts';

type RequestOf<Event extends keyof ConferenceRequests> = Parameters<ConferenceRequests[Event]>[0];
type AnswerOf<Event extends keyof ConferenceRequests> = Extract<
  Parameters<Parameters<ConferenceRequests[Event]>[1]>[0],
  { value: unknown }
>['value'];

/** One stay in a room: our microphone out, the others' voices in. */
export class ConferenceClient {
  readonly #socket: Socket<ConferenceNews, ConferenceRequests> = io();
  #device: Device | null = null;
  #sending: Transport | null = null;
  #receiving: Transport | null = null;

  constructor(news: ConferenceNews) {
    this.#socket.on('voice', news.voice);
    this.#socket.on('left', news.left);
    this.#socket.on('decision', news.decision);
  }

  async join(join: Join, microphone: MediaStreamTrack): Promise<Joined> {
    const joined = await this.#ask('join', join);
    const { routerRtpCapabilities } = joined;
    this.#device = await Device.factory();
    await this.#device.load({ routerRtpCapabilities: routerRtpCapabilities as RtpCapabilities });
    this.#sending = this.#connectable(
      this.#device.createSendTransport(await this.#ask('open-transport', { direction: 'send' })),
    );
    this.#sending.on('produce', ({ rtpParameters }, done, fail) => {
      this.#ask('produce', { rtpParameters }).then(done, fail);
    });
    this.#receiving = this.#connectable(
      this.#device.createRecvTransport(await this.#ask('open-transport', { direction: 'receive' })),
    );
    await this.#sending.produce({ track: microphone, codecOptions: { opusDtx: true, opusFec: true } });
    return joined;
  }

  async listen(producerId: string): Promise<MediaStream> {
    const { recvRtpCapabilities: rtpCapabilities } = this.#device!;
    const options = await this.#ask('consume', { producerId, rtpCapabilities });
    const consumer = await this.#receiving!.consume(options as ConsumerOptions);
    return new MediaStream([consumer.track]);
  }

  setMuted(muted: boolean): Promise<null> {
    return this.#ask('set-muted', { muted });
  }

  setConsent(consent: boolean): Promise<null> {
    return this.#ask('set-consent', { consent });
  }

  leave(): void {
    this.#sending?.close();
    this.#receiving?.close();
    this.#socket.disconnect();
  }

  #connectable(transport: Transport): Transport {
    return transport.on('connect', ({ dtlsParameters }, done, fail) => {
      this.#ask('connect-transport', { transportId: transport.id, dtlsParameters }).then(() => done(), fail);
    });
  }

  async #ask<Event extends keyof ConferenceRequests>(
    event: Event,
    request: RequestOf<Event>,
  ): Promise<AnswerOf<Event>> {
    const answer = await this.#socket.timeout(10_000).emitWithAck(event, ...([request] as never));
    const { value, error } = answer as { value: AnswerOf<Event>; error?: string };
    if (error !== undefined) throw new Error(error);
    return value;
  }
}
