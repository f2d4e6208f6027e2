import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type TapReply, tapProtocol } from '@undertone/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { TestBridge } from './test-bridge.ts';

const token = 'a-token-of-some-length';
const authorization = `Bearer ${token}`;
const endpoint = { address: '127.0.0.1', port: 9, srtpKey: Buffer.alloc(44, 1).toString('base64') };
const rtp = { payloadType: 111, ssrc: 1, cname: 'mara', audioLevelId: 6, absCaptureTimeId: 10 };
const details = { name: 'Mara', role: 'customer', consent: 'granted', muted: false };

let analyzer: FakeAnalyzer;
let bridge: TestBridge;

beforeAll(async () => {
  analyzer = await FakeAnalyzer.start();
  bridge = await TestBridge.start(analyzer.url, { tapToken: token, maxTaps: 2, maxSpeakersPerCall: 2 });
});
afterAll(async () => {
  await bridge.close();
  await analyzer.close();
});

const tapUrl = (to: TestBridge) => `${to.url.replace('http', 'ws')}/tap`;
const refusals = (code: string) => bridge.metric(`host_refusals_total{code="${code}"}`);

/** Speaks the tap's language word by word. */
class RawTap {
  readonly replies: TapReply[] = [];
  readonly socket: WebSocket;
  #requestId = 0;

  static async open(tapId?: string, options: { autoPong?: boolean } = {}): Promise<RawTap> {
    const socket = new WebSocket(tapUrl(bridge), [tapProtocol], { headers: { authorization }, ...options });
    const tap = new RawTap(socket);
    await once(socket, 'open');
    if (tapId !== undefined) {
      tap.send({ type: 'hello', tapId });
      await tap.next();
    }
    return tap;
  }

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.replies.push(JSON.parse(data.toString())));
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The next message of the bridge. */
  async next(): Promise<TapReply> {
    if (this.replies.length === 0) await once(this.socket, 'message');
    return this.replies.shift()!;
  }

  /** The answer, or the code of the refusal. */
  async ask(type: string, body: object): Promise<unknown> {
    const requestId = ++this.#requestId;
    this.send({ type, requestId, callId: 'call', speakerId: 'mara', ...body });
    for (;;) {
      const reply = await this.next();
      if (reply.type === 'granted' && reply.requestId === requestId) return reply.value;
      if (reply.type === 'refused' && reply.requestId === requestId) return reply.code;
    }
  }

  async close(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.close(1000);
    await closed;
  }
}

/** What the upgrade is refused with. */
async function refusedUpgrade(
  headers: Record<string, string>,
  protocol: string = tapProtocol,
  to: TestBridge = bridge,
): Promise<{ status: number; code: string }> {
  const socket = new WebSocket(tapUrl(to), [protocol], { headers });
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  let body = '';
  for await (const chunk of response) body += chunk;
  socket.terminate();
  return { status: response.statusCode!, code: JSON.parse(body).code };
}

describe('the bridge, to other mediasoup applications', () => {
  it('opens to no one without the token, to no web page and to no other version', async () => {
    const wrong = { authorization: 'Bearer another-token-than-that' };
    expect(await refusedUpgrade({})).toEqual({ status: 401, code: 'token-wrong' });
    expect(await refusedUpgrade(wrong)).toEqual({ status: 401, code: 'token-wrong' });
    expect(await refusedUpgrade({ authorization, origin: bridge.url })).toEqual({
      status: 403,
      code: 'from-a-browser',
    });
    expect(await refusedUpgrade({ authorization }, 'undertone-tap.v2')).toEqual({
      status: 400,
      code: 'protocol-unsupported',
    });
    expect(await refusals('token-wrong')).toBe(2);
  });

  it('opens to no one at all where no token is set', async () => {
    const closed = await TestBridge.start(analyzer.url);
    expect(await refusedUpgrade({ authorization: 'Bearer null' }, tapProtocol, closed)).toEqual({
      status: 403,
      code: 'tap-disabled',
    });
    await closed.close();
  });

  it('takes as many hosts as it is set to', async () => {
    const taps = [await RawTap.open('a'), await RawTap.open('b')];
    expect(await refusedUpgrade({ authorization })).toEqual({ status: 503, code: 'too-many-connections' });
    for (const tap of taps) await tap.close();
  });

  it('answers out of order, malformed and refused requests with stable codes', async () => {
    const early = await RawTap.open();
    early.send({ type: 'set-speaker', requestId: 1, callId: 'call', speakerId: 'mara', ...details });
    early.send({ type: 'hello', tapId: 'early' });
    expect((await early.next()).type).toBe('welcome');
    expect(await refusals('message-before-hello')).toBe(1);

    expect(await early.ask('open-pipe', { endpoint })).toBe('speaker-not-found');
    expect(await early.ask('produce', { rtp })).toBe('speaker-not-found');
    expect(await early.ask('stop-producing', {})).toBe('speaker-not-found');
    expect(await early.ask('remove-speaker', {})).toBeNull();
    expect(await early.ask('set-speaker', { ...details, role: 'boss' })).toBe('request-malformed');
    expect(await early.ask('set-speaker', details)).toMatchObject({ decision: { analysed: true } });
    expect(await early.ask('produce', { rtp })).toBe('pipe-not-open');
    expect(await early.ask('open-pipe', { endpoint: { ...endpoint, address: 'no.such.host.invalid' } })).toBe(
      'pipe-failed',
    );
    expect(await early.ask('open-pipe', { endpoint })).toMatchObject({ endpoint: { address: '127.0.0.1' } });
    expect(await early.ask('produce', { rtp })).toBeNull();
    await early.ask('set-speaker', { ...details, speakerId: 'kim' });
    expect(await early.ask('produce', { rtp, speakerId: 'kim' })).toBe('producer-rejected');
    expect(await early.ask('set-speaker', { ...details, speakerId: 'third' })).toBe('call-full');
    await early.ask('set-speaker', { ...details, consent: 'denied' });
    expect(await early.ask('produce', { rtp })).toBe('speaker-not-analysed');
    for (const text of ['nonsense', '[]', '{"type":"hello"}']) early.socket.send(text);
    early.socket.send(Buffer.alloc(8));
    expect(await early.ask('remove-speaker', { speakerId: 'kim' })).toBeNull();
    expect(await refusals('message-malformed')).toBe(4);
    expect(await refusals('message-binary')).toBe(1);
    await early.close();
    while ((await bridge.metric('calls')) > 0) await new Promise(setImmediate);
  });

  it('does not let one host touch what another has', async () => {
    const [one, other] = [await RawTap.open('one'), await RawTap.open('other')];
    await one.ask('set-speaker', details);
    expect(await other.ask('set-speaker', { ...details, name: 'Impostor' })).toBe('speaker-exists');
    expect(await other.ask('remove-speaker', {})).toBeNull();
    expect(await bridge.metric('speakers')).toBe(1);
    for (const tap of [one, other]) await tap.close();
  });

  it('carries out what had arrived when the connection broke, a withdrawal above all', async () => {
    const tap = await RawTap.open('broken');
    await tap.ask('set-speaker', details);
    await tap.ask('open-pipe', { endpoint });
    await tap.ask('produce', { rtp });
    await bridge.reaches('tapped_speakers', 1);
    tap.send({
      type: 'set-speaker',
      requestId: 99,
      callId: 'call',
      speakerId: 'mara',
      ...details,
      consent: 'withdrawn',
    });
    tap.socket.close(3_001, 'not for good');
    await bridge.reaches('orphan_speakers', 1);
    const last = analyzer.messages.findLast((message) => message.type === 'speaker-updated');
    expect(last?.speaker).toMatchObject({ id: 'mara', consent: 'withdrawn', decision: { analysed: false } });
    expect(await bridge.metric('tapped_speakers')).toBe(0);
    const back = await RawTap.open('broken');
    await back.ask('remove-speaker', {});
    await back.ask('set-speaker', details);
    await back.close();
    while ((await bridge.metric('calls')) > 0) await new Promise(setImmediate);
    expect(await bridge.metric('orphan_speakers')).toBe(0);
  });

  it('refuses more requests at once than it is made for, and messages that are too big', async () => {
    const tap = await RawTap.open('flood');
    const pending = Array.from({ length: 300 }, (_, n) => n + 1);
    for (const requestId of pending)
      tap.send({ type: 'set-speaker', requestId, callId: 'call', speakerId: 'mara', ...details });
    const refused = new Set<string>();
    let answered = 0;
    while (answered < pending.length) {
      const reply = await tap.next();
      if (reply.type === 'refused') refused.add(reply.code);
      if (reply.type === 'refused' || reply.type === 'granted') answered++;
    }
    expect(refused).toEqual(new Set(['too-many-requests']));
    const closed = once(tap.socket, 'close');
    tap.socket.send('x'.repeat(20_000));
    const [code] = await closed;
    expect(code).toBe(1009);
    expect(await refusals('message-oversized')).toBe(1);
  });

  it('closes a connection that talks another language', async () => {
    const tap = await RawTap.open('garbage');
    const closed = once(tap.socket, 'close');
    for (let n = 0; n <= 100; n++) tap.socket.send('GET / HTTP/1.1');
    const [code] = await closed;
    expect(code).toBe(1008);
    expect(await refusals('too-much-garbage')).toBe(1);
  });
});
