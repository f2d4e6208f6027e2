import {
  type ConnectTransport,
  type Consume,
  type ConsumerOptions,
  type CreateTransport,
  connectTransportSchema,
  consumeSchema,
  createTransportSchema,
  type Join,
  type Joined,
  joinSchema,
  type Produce,
  produceSchema,
  type Reply,
  type Resume,
  resumeSchema,
  type SignallingClientEvents,
  type SignallingErrorCode,
  type SignallingServerEvents,
  setConsentSchema,
  setMutedSchema,
  type TransportOptions,
} from '@undertone/wire';
import type { types } from 'mediasoup';
import type { Socket } from 'socket.io';
import { prettifyError, type z } from 'zod';
import type { Call, CallWatcher } from '../calls/call.ts';
import { CallError } from '../calls/call-error.ts';
import type { CallSpeaker } from '../calls/call-speaker.ts';
import type { LiveCalls } from '../calls/live-calls.ts';

export type SignallingSocket = Socket<SignallingClientEvents, SignallingServerEvents>;

/** One to send and one to receive, and the same again while they are being replaced. */
const maxTransports = 4;

/** One browser on the signalling namespace: what it asks for, and its stay in at most one call. */
export class SignallingPeer {
  readonly #socket: SignallingSocket;
  readonly #calls: LiveCalls;
  readonly #transports = new Map<string, types.WebRtcTransport>();
  readonly #consumers = new Map<string, types.Consumer>();
  #stay: { call: Call; speaker: CallSpeaker; watcher: CallWatcher } | null = null;
  #joining = false;

  constructor(socket: SignallingSocket, calls: LiveCalls) {
    this.#socket = socket;
    this.#calls = calls;
    this.#answer('join', joinSchema, 'media-unavailable', (request) => this.#join(request));
    this.#answer('create-transport', createTransportSchema, 'transport-failed', (request) =>
      this.#createTransport(request),
    );
    this.#answer('connect-transport', connectTransportSchema, 'transport-failed', (request) =>
      this.#connectTransport(request),
    );
    this.#answer('produce', produceSchema, 'producer-rejected', (request) => this.#produce(request));
    this.#answer('consume', consumeSchema, 'cannot-consume', (request) => this.#consume(request));
    this.#answer('resume', resumeSchema, 'cannot-consume', (request) => this.#resume(request));
    this.#answer('set-muted', setMutedSchema, 'media-unavailable', async ({ muted }) => {
      const { speaker } = this.#joined();
      await speaker.setMuted(muted);
      return speaker.speaker;
    });
    this.#answer('set-consent', setConsentSchema, 'media-unavailable', async ({ consent }) => {
      const { speaker } = this.#joined();
      await speaker.revise({ consent });
      return speaker.speaker;
    });
    socket.once('disconnect', () => this.#leave());
  }

  async #join({ callId, name, role, consent }: Join): Promise<Joined> {
    if (this.#stay || this.#joining)
      throw new CallError('already-joined', 'this connection is in a call already; open another one');
    this.#joining = true;
    try {
      const { call, speaker } = await this.#calls.join(callId, { name, role, consent });
      const watcher = this.#watcher(speaker.id);
      this.#stay = { call, speaker, watcher };
      call.watch(watcher);
      const others = Array.from(call.speakers, (each) => each.remote).filter(
        (remote) => remote.speaker.id !== speaker.id,
      );
      if (this.#socket.disconnected) this.#leave();
      return { speaker: speaker.speaker, routerRtpCapabilities: call.router.rtpCapabilities, others };
    } finally {
      this.#joining = false;
    }
  }

  async #createTransport({ direction }: CreateTransport): Promise<TransportOptions> {
    const { call } = this.#joined();
    if (this.#transports.size >= maxTransports)
      throw new CallError('transport-failed', `one connection has at most ${maxTransports} transports`);
    const transport = await call.router.createWebRtcTransport({
      webRtcServer: call.worker.webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      appData: { direction },
    });
    if (this.#stay?.call !== call) {
      transport.close();
      throw new CallError('not-joined', 'the call was left meanwhile');
    }
    this.#transports.set(transport.id, transport);
    transport.observer.once('close', () => this.#transports.delete(transport.id));
    transport.on('dtlsstatechange', (state) => {
      if (state === 'failed' || state === 'closed') transport.close();
    });
    const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
    return { id, iceParameters, iceCandidates, dtlsParameters };
  }

  async #connectTransport({ transportId, dtlsParameters }: ConnectTransport): Promise<null> {
    await this.#transport(transportId).connect({
      dtlsParameters: dtlsParameters as unknown as types.DtlsParameters,
    });
    return null;
  }

  async #produce({ transportId, rtpParameters }: Produce): Promise<{ producerId: string }> {
    const { speaker } = this.#joined();
    const transport = this.#transport(transportId, 'send');
    if (speaker.publishing)
      throw new CallError('producer-rejected', 'this speaker sends already; close that producer first');
    const producer = await transport.produce({
      kind: 'audio',
      rtpParameters: rtpParameters as unknown as types.RtpParameters,
      paused: speaker.speaker.muted,
    });
    if (speaker.publishing) {
      producer.close();
      throw new CallError('producer-rejected', 'this speaker sends already; close that producer first');
    }
    speaker.publish(producer);
    return { producerId: producer.id };
  }

  async #consume({ producerId, rtpCapabilities }: Consume): Promise<ConsumerOptions> {
    const { call } = this.#joined();
    const capabilities = rtpCapabilities as unknown as types.RtpCapabilities;
    const producers = Array.from(call.speakers, (each) => each.remote.producerId);
    if (!producers.includes(producerId))
      throw new CallError('producer-not-found', 'nobody in this call sends that any more');
    if (!call.router.canConsume({ producerId, rtpCapabilities: capabilities }))
      throw new CallError('cannot-consume', 'this browser cannot receive Opus as it is sent');
    const transport = [...this.#transports.values()].find((each) => each.appData.direction === 'receive');
    if (!transport) throw new CallError('transport-not-found', 'create a transport to receive first');
    const consumer = await transport.consume({ producerId, rtpCapabilities: capabilities, paused: true });
    this.#consumers.set(consumer.id, consumer);
    consumer.observer.once('close', () => this.#consumers.delete(consumer.id));
    return { id: consumer.id, producerId, kind: 'audio', rtpParameters: consumer.rtpParameters };
  }

  async #resume({ consumerId }: Resume): Promise<null> {
    const consumer = this.#consumers.get(consumerId);
    if (!consumer) throw new CallError('producer-not-found', 'nothing is received under that id any more');
    await consumer.resume();
    return null;
  }

  #watcher(speakerId: string): CallWatcher {
    return {
      speakerId,
      speakerChanged: (remote) => this.#socket.emit('speaker-changed', remote),
      speakerLeft: (leftId) => this.#socket.emit('speaker-left', { speakerId: leftId }),
      callLost: () => {
        this.#stay = null;
        this.#socket.emit('call-lost', { message: 'the media server of this call failed: join again' });
      },
    };
  }

  #leave(): void {
    const stay = this.#stay;
    this.#stay = null;
    if (!stay) return;
    stay.call.unwatch(stay.watcher);
    for (const transport of this.#transports.values()) transport.close();
    stay.call.remove(stay.speaker);
  }

  #joined(): { call: Call; speaker: CallSpeaker } {
    if (!this.#stay) throw new CallError('not-joined', 'join a call first');
    return this.#stay;
  }

  #transport(id: string, direction?: CreateTransport['direction']): types.WebRtcTransport {
    this.#joined();
    const transport = this.#transports.get(id);
    if (!transport || (direction && transport.appData.direction !== direction))
      throw new CallError('transport-not-found', 'this connection has no such transport; create one');
    return transport;
  }

  /** Checks each request by its schema and acknowledges it; what mediasoup refuses is answered with `refusal`. */
  #answer<Event extends keyof SignallingClientEvents, Schema extends z.ZodType>(
    event: Event,
    schema: Schema,
    refusal: SignallingErrorCode,
    answer: (request: z.infer<Schema>) => Promise<unknown>,
  ): void {
    const listener = async (request: unknown, reply: unknown): Promise<void> => {
      if (typeof reply !== 'function') return;
      const parsed = schema.safeParse(request);
      reply(
        parsed.success
          ? await this.#attempt(() => answer(parsed.data), refusal)
          : failure('request-malformed', prettifyError(parsed.error)),
      );
    };
    (this.#socket as Socket).on(event as string, listener);
  }

  async #attempt(
    answer: () => Promise<unknown>,
    refusal: SignallingErrorCode,
  ): Promise<Reply<unknown, SignallingErrorCode>> {
    try {
      return { ok: true, value: await answer() };
    } catch (error) {
      if (error instanceof CallError && error.code !== 'speaker-exists' && error.code !== 'speaker-not-found')
        return failure(error.code, error.message);
      return failure(refusal, error instanceof Error ? error.message : 'the request failed');
    }
  }
}

const failure = (code: SignallingErrorCode, message: string): Reply<never, SignallingErrorCode> => ({
  ok: false,
  error: { code, message },
});
