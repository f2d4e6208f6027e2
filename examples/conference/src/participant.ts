import { randomUUID } from 'node:crypto';
import type { TapSpeaker } from '@undertone/tap';
import type { types } from 'mediasoup';
import type {
  ConferenceRequests,
  ConferenceSocket,
  ConsumerOptions,
  Join,
  Joined,
  TransportOptions,
  Voice,
} from './conference-events.ts';
import type { Room } from './room.ts';

/** A browser in a room, or on its way there. */
export class Participant {
  readonly id = randomUUID();
  readonly #socket: ConferenceSocket;
  readonly #dashboardUrl: string | null;
  readonly #openRoom: (id: string) => Promise<Room>;
  readonly #transports = new Map<'send' | 'receive', types.WebRtcTransport>();
  #name = '';
  #room: Room | null = null;
  #speaker: TapSpeaker | null = null;
  #producer: types.Producer | null = null;

  constructor(
    socket: ConferenceSocket,
    dashboardUrl: string | null,
    openRoom: (id: string) => Promise<Room>,
  ) {
    this.#socket = socket;
    this.#dashboardUrl = dashboardUrl;
    this.#openRoom = openRoom;
    this.#answer('join', (join) => this.#join(join));
    this.#answer('open-transport', ({ direction }) => this.#openTransport(direction));
    this.#answer('connect-transport', async ({ transportId, dtlsParameters }) => {
      const transport = [...this.#transports.values()].find(({ id }) => id === transportId);
      await transport?.connect({ dtlsParameters });
      return null;
    });
    this.#answer('produce', ({ rtpParameters }) => this.#produce(rtpParameters));
    this.#answer('consume', (request) => this.#consume(request.producerId, request.rtpCapabilities));
    this.#answer('set-muted', async ({ muted }) => {
      // Undertone: a producer that is paused mutes its speaker, too.
      if (muted) await this.#producer?.pause();
      else await this.#producer?.resume();
      return null;
    });
    this.#answer('set-consent', async ({ consent }) => {
      // Undertone: withdrawn consent holds from here on.
      this.#speaker?.set({ consent: consent ? 'granted' : 'withdrawn' });
      return null;
    });
    socket.on('disconnect', () => this.#leave());
  }

  get voice(): Voice | null {
    if (!this.#producer || this.#producer.closed) return null;
    return { participantId: this.id, name: this.#name, producerId: this.#producer.id };
  }

  hear(voice: Voice): void {
    this.#socket.emit('voice', voice);
  }

  forget(participantId: string): void {
    this.#socket.emit('left', { participantId });
  }

  async #join({ roomId, name, role, consent }: Join): Promise<Joined> {
    if (this.#room) throw new Error('in a room already');
    const room = await this.#openRoom(roomId);
    // Undertone: one speaker for each participant; the voice follows.
    this.#speaker = room.tapCall.addSpeaker({
      id: this.id,
      name,
      role,
      consent: consent ? 'granted' : 'denied',
    });
    this.#name = name;
    this.#room = room;
    room.add(this);
    await this.#socket.join(`${room.id}/${this.id}`);
    if (this.#socket.disconnected) this.#leave();
    return {
      routerRtpCapabilities: room.router.rtpCapabilities,
      voices: room.voices,
      participantId: this.id,
      // Undertone: the page shows what the dashboard knows beside each participant.
      dashboardUrl: this.#dashboardUrl,
    };
  }

  async #openTransport(direction: 'send' | 'receive'): Promise<TransportOptions> {
    if (this.#transports.has(direction)) throw new Error(`there is a transport to ${direction} already`);
    const transport = await this.#joined().router.createWebRtcTransport({
      listenInfos: [
        { protocol: 'udp', ip: '127.0.0.1' },
        { protocol: 'tcp', ip: '127.0.0.1' },
      ],
    });
    this.#transports.set(direction, transport);
    const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
    return { id, iceParameters, iceCandidates, dtlsParameters };
  }

  async #produce(rtpParameters: types.RtpParameters): Promise<{ id: string }> {
    const room = this.#joined();
    const producer = await this.#transport('send').produce({ kind: 'audio', rtpParameters });
    this.#producer?.close();
    this.#producer = producer;
    // Undertone: this is the speaker's voice.
    this.#speaker?.setProducer(producer);
    if (this.voice) room.publish(this, this.voice);
    return { id: producer.id };
  }

  async #consume(producerId: string, rtpCapabilities: types.RtpCapabilities): Promise<ConsumerOptions> {
    const { id, kind, rtpParameters } = await this.#transport('receive').consume({
      producerId,
      rtpCapabilities,
    });
    return { id, producerId, kind, rtpParameters };
  }

  #leave(): void {
    for (const transport of this.#transports.values()) transport.close();
    // Undertone: the speaker has left.
    this.#speaker?.remove();
    this.#room?.remove(this);
    this.#room = null;
  }

  #joined(): Room {
    if (!this.#room) throw new Error('join a room first');
    return this.#room;
  }

  #transport(direction: 'send' | 'receive'): types.WebRtcTransport {
    const transport = this.#transports.get(direction);
    if (!transport) throw new Error(`open a transport to ${direction} first`);
    return transport;
  }

  #answer<Event extends keyof ConferenceRequests>(
    event: Event,
    answer: (request: Parameters<ConferenceRequests[Event]>[0]) => Promise<unknown>,
  ): void {
    const listener = async (request: Parameters<ConferenceRequests[Event]>[0], reply: unknown) => {
      if (typeof reply !== 'function') return;
      try {
        reply({ value: await answer(request) });
      } catch (error) {
        reply({ error: error instanceof Error ? error.message : 'the request failed' });
      }
    };
    this.#socket.on(event, listener as never);
  }
}
