import type {
  Joined,
  Reply,
  SignallingClientEvents,
  SignallingErrorCode,
  SignallingServerEvents,
  TransportOptions,
} from '@undertone/wire';
import { observer, type types } from 'mediasoup';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { TestBridge } from './test-bridge.ts';

type Client = Socket<SignallingServerEvents, SignallingClientEvents>;
type Answer<Value> = Reply<Value, SignallingErrorCode>;

/** As Chromium describes its microphone. */
const microphone = (ssrc: number) => ({
  mid: '0',
  codecs: [
    {
      mimeType: 'audio/opus',
      payloadType: 111,
      clockRate: 48_000,
      channels: 2,
      parameters: { minptime: 10, useinbandfec: 1, usedtx: 1 },
      rtcpFeedback: [{ type: 'transport-cc' }],
    },
  ],
  headerExtensions: [
    { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 4 },
    { uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', id: 1 },
  ],
  encodings: [{ ssrc, dtx: true }],
  rtcp: { cname: 'microphone', reducedSize: true },
});

const dtlsParameters = {
  role: 'client',
  fingerprints: [
    {
      algorithm: 'sha-256',
      value: Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, '0').toUpperCase()).join(':'),
    },
  ],
};

describe('signalling', () => {
  let analyzer: FakeAnalyzer;
  let bridge: TestBridge;
  const clients: Client[] = [];
  const workers: types.Worker[] = [];

  beforeAll(async () => {
    observer.on('newworker', (worker) => workers.push(worker));
    analyzer = await FakeAnalyzer.start();
    bridge = await TestBridge.start(analyzer.url, { maxSpeakersPerCall: 3 });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    while ((await bridge.metric('calls')) > 0) await new Promise(setImmediate);
  });
  afterAll(async () => {
    await bridge.close();
    await analyzer.close();
  });

  async function connect(): Promise<Client> {
    const client: Client = io(`${bridge.url}/signalling`, { transports: ['websocket'], forceNew: true });
    clients.push(client);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', resolve);
      client.once('connect_error', reject);
    });
    return client;
  }

  const ask = <Value>(client: Client, event: keyof SignallingClientEvents, body?: unknown) =>
    (client as Socket).emitWithAck(event, body) as Promise<Answer<Value>>;

  async function granted<Value>(
    client: Client,
    event: keyof SignallingClientEvents,
    body?: unknown,
  ): Promise<Value> {
    const answer = await ask<Value>(client, event, body);
    if (!answer.ok) throw new Error(`${event}: ${answer.error.code} ${answer.error.message}`);
    return answer.value;
  }

  async function refusal(
    client: Client,
    event: keyof SignallingClientEvents,
    body?: unknown,
  ): Promise<string> {
    const answer = await ask(client, event, body);
    if (answer.ok) throw new Error(`${event} was not refused`);
    expect(answer.error.message).not.toBe('');
    return answer.error.code;
  }

  const heard = <Event extends keyof SignallingServerEvents>(client: Client, event: Event) =>
    new Promise<Parameters<SignallingServerEvents[Event]>[0]>((resolve) => {
      (client as Socket).once(event as string, resolve);
    });

  const person = (name: string) => ({ callId: 'meeting', name, role: 'customer', consent: 'granted' });
  const join = (client: Client, name: string) => granted<Joined>(client, 'join', person(name));

  async function speak(client: Client, ssrc: number): Promise<string> {
    const transport = await granted<TransportOptions>(client, 'create-transport', { direction: 'send' });
    await granted(client, 'connect-transport', { transportId: transport.id, dtlsParameters });
    const { producerId } = await granted<{ producerId: string }>(client, 'produce', {
      transportId: transport.id,
      rtpParameters: microphone(ssrc),
    });
    return producerId;
  }

  it('lets people join, tells those who are there, and lets them hear each other', async () => {
    const ada = await connect();
    const first = await join(ada, 'Ada');
    expect(first.others).toEqual([]);
    expect(first.speaker).toMatchObject({ name: 'Ada', decision: { analysed: true } });
    const capabilities = first.routerRtpCapabilities as types.RtpCapabilities;
    expect(capabilities.codecs).toMatchObject([
      { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, parameters: { useinbandfec: 1, usedtx: 1 } },
    ]);
    const extensions = capabilities
      .headerExtensions!.filter((each) => each.kind === 'audio')
      .map((each) => each.uri);
    expect(extensions).toEqual(
      expect.arrayContaining([
        'urn:ietf:params:rtp-hdrext:sdes:mid',
        'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
        'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
      ]),
    );
    const adaProducer = await speak(ada, 1_111);
    await bridge.reaches('tapped_speakers', 1);

    const arrival = heard(ada, 'speaker-changed');
    const ben = await connect();
    const second = await join(ben, 'Ben');
    expect(second.others).toEqual([{ speaker: first.speaker, producerId: adaProducer }]);
    expect(await arrival).toEqual({ speaker: second.speaker, producerId: null });

    const publishing = heard(ada, 'speaker-changed');
    const benProducer = await speak(ben, 2_222);
    expect(await publishing).toEqual({ speaker: second.speaker, producerId: benProducer });

    await granted(ada, 'create-transport', { direction: 'receive' });
    const consumer = await granted<types.Consumer>(ada, 'consume', {
      producerId: benProducer,
      rtpCapabilities: capabilities,
    });
    expect(consumer).toMatchObject({ producerId: benProducer, kind: 'audio' });
    await granted(ada, 'resume', { consumerId: consumer.id });

    const leaving = heard(ada, 'speaker-left');
    ben.disconnect();
    expect(await leaving).toEqual({ speakerId: second.speaker.id });
    expect(await refusal(ada, 'resume', { consumerId: consumer.id })).toBe('producer-not-found');
  });

  it('follows mute and consent, for the others, the policy and the analyzer alike', async () => {
    const ada = await connect();
    const { speaker } = await join(ada, 'Ada');
    const ben = await connect();
    await join(ben, 'Ben');
    await speak(ada, 1_111);
    await bridge.reaches('tapped_speakers', 1);

    const muting = heard(ben, 'speaker-changed');
    const muted = await granted(ada, 'set-muted', { muted: true });
    expect(muted).toEqual({ ...speaker, muted: true });
    expect((await muting).speaker).toEqual(muted);
    expect(await bridge.metric('tapped_speakers')).toBe(1);

    const withdrawing = heard(ben, 'speaker-changed');
    const withdrawn = await granted(ada, 'set-consent', { consent: 'withdrawn' });
    expect(withdrawn).toMatchObject({ consent: 'withdrawn', decision: { analysed: false } });
    expect((await withdrawing).speaker).toEqual(withdrawn);
    expect(await bridge.metric('tapped_speakers')).toBe(0);
    await analyzer.until(() => {
      const last = analyzer.messages.findLast((message) => message.type === 'speaker-updated');
      return last?.speaker.id === speaker.id && !last.speaker.decision.analysed;
    });
  });

  it('refuses, with stable codes, what is malformed or out of order', async () => {
    const ada = await connect();
    expect(await refusal(ada, 'set-muted', { muted: true })).toBe('not-joined');
    expect(await refusal(ada, 'create-transport', { direction: 'send' })).toBe('not-joined');
    for (const body of [
      undefined,
      null,
      'join',
      {},
      { ...person('Ada'), callId: '../etc' },
      { ...person('') },
    ])
      expect(await refusal(ada, 'join', body)).toBe('request-malformed');
    const { routerRtpCapabilities } = await join(ada, 'Ada');
    expect(await refusal(ada, 'join', person('Ada'))).toBe('already-joined');
    const nothing = '00000000-0000-4000-8000-000000000000';
    expect(await refusal(ada, 'connect-transport', { transportId: nothing, dtlsParameters })).toBe(
      'transport-not-found',
    );
    const transport = await granted<TransportOptions>(ada, 'create-transport', { direction: 'send' });
    expect(await refusal(ada, 'connect-transport', { transportId: transport.id, dtlsParameters: {} })).toBe(
      'transport-failed',
    );
    expect(await refusal(ada, 'produce', { transportId: transport.id, rtpParameters: {} })).toBe(
      'producer-rejected',
    );
    const opus = microphone(1);
    const pcmu = { ...opus, codecs: [{ mimeType: 'audio/PCMU', payloadType: 0, clockRate: 8_000 }] };
    expect(await refusal(ada, 'produce', { transportId: transport.id, rtpParameters: pcmu })).toBe(
      'producer-rejected',
    );
    await granted(ada, 'produce', { transportId: transport.id, rtpParameters: opus });
    expect(await refusal(ada, 'produce', { transportId: transport.id, rtpParameters: microphone(2) })).toBe(
      'producer-rejected',
    );
    const consume = { producerId: nothing, rtpCapabilities: routerRtpCapabilities };
    expect(await refusal(ada, 'consume', consume)).toBe('producer-not-found');
    expect(await refusal(ada, 'resume', { consumerId: nothing })).toBe('producer-not-found');
  });

  it('wants a receiving transport and a browser that can play Opus before it sends voices', async () => {
    const ada = await connect();
    await join(ada, 'Ada');
    const producerId = await speak(ada, 1_111);
    const ben = await connect();
    const { routerRtpCapabilities } = await join(ben, 'Ben');
    expect(await refusal(ben, 'consume', { producerId, rtpCapabilities: {} })).toBe('cannot-consume');
    expect(await refusal(ben, 'consume', { producerId, rtpCapabilities: routerRtpCapabilities })).toBe(
      'transport-not-found',
    );
  });

  it('keeps to the limit of speakers', async () => {
    for (const name of ['Ada', 'Ben', 'Cid']) await join(await connect(), name);
    expect(await refusal(await connect(), 'join', person('Dot'))).toBe('call-full');
  });

  it('does not talk to pages of other origins', async () => {
    const stranger = io(`${bridge.url}/signalling`, {
      transports: ['websocket'],
      forceNew: true,
      extraHeaders: { origin: 'https://elsewhere.example' },
      reconnection: false,
    });
    await new Promise<void>((resolve, reject) => {
      stranger.once('connect_error', () => resolve());
      stranger.once('connect', () => reject(new Error('connected')));
    });
    stranger.disconnect();
  });

  it('tells everyone when the media server dies, and takes them in again', async () => {
    const ada = await connect();
    await join(ada, 'Ada');
    await speak(ada, 1_111);
    const ben = await connect();
    await join(ben, 'Ben');
    const lost = Promise.all([heard(ada, 'call-lost'), heard(ben, 'call-lost')]);
    process.kill(workers.at(-1)!.pid, 'SIGKILL');
    for (const { message } of await lost) expect(message).not.toBe('');
    await bridge.reaches('media_workers', 1);
    await join(ada, 'Ada');
    await speak(ada, 3_333);
    await bridge.reaches('tapped_speakers', 1);
  });
});
