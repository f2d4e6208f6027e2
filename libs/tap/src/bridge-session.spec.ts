import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BridgeSession } from './bridge-session.ts';
import { TapError } from './tap-error.ts';

const timeoutMs = 1_000;
const decision = { analysed: true, reason: 'Customer, with consent' };
const details = { name: 'Mara', role: 'customer', consent: 'granted', muted: false } as const;

/** Writes down what is sent. */
class ScriptedSocket {
  readonly sent: { type: string; requestId: number; speakerId: string }[] = [];
  terminated = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  terminate(): void {
    this.terminated = true;
  }
}

let socket: ScriptedSocket;
let session: BridgeSession;
let told: string[];

beforeEach(() => {
  vi.useFakeTimers();
  socket = new ScriptedSocket();
  told = [];
  session = new BridgeSession(socket, timeoutMs, {
    welcomed: () => told.push('welcomed'),
    decided: (callId, speakerId, { analysed }) => told.push(`${callId} ${speakerId} ${analysed}`),
    callLost: (callId) => told.push(`lost ${callId}`),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const set = (speakerId: string) => session.request('set-speaker', { callId: 'call', speakerId, ...details });
const read = (reply: object) => session.read(JSON.stringify(reply));
const grant = (requestId: number) => read({ type: 'granted', requestId, value: { decision } });
const codeOf = (request: Promise<unknown>) =>
  request.then(
    () => 'granted',
    (error: TapError) => error.code,
  );

describe('BridgeSession', () => {
  it('gives every request its own answer, in whatever order they come', async () => {
    const [first, second] = [set('a'), set('b')];
    const [a, b] = socket.sent.map(({ requestId }) => requestId);
    read({ type: 'refused', requestId: b, code: 'call-full', message: 'this call is full' });
    grant(a!);
    expect(await first).toEqual({ decision });
    expect(await codeOf(second)).toBe('call-full');
  });

  it('asks 64 things at once, and the rest in turn', async () => {
    const requests = Array.from({ length: 100 }, (_, n) => set(`speaker-${n}`));
    expect(socket.sent).toHaveLength(64);
    for (let n = 0; n < 100; n++) {
      expect(socket.sent.length).toBe(Math.min(100, 64 + n));
      grant(socket.sent[n]!.requestId);
    }
    await Promise.all(requests);
    expect(socket.sent.map(({ speakerId }) => speakerId)).toEqual(
      Array.from({ length: 100 }, (_, n) => `speaker-${n}`),
    );
  });

  it('ends, with all that waits, when a request is not answered in time', async () => {
    const requests = Array.from({ length: 65 }, (_, n) => codeOf(set(`speaker-${n}`)));
    vi.advanceTimersByTime(timeoutMs - 1);
    expect(session.ended).toBe(false);
    vi.advanceTimersByTime(1);
    expect(socket.terminated).toBe(true);
    expect(new Set(await Promise.all(requests))).toEqual(new Set(['bridge-unresponsive']));
    expect(await codeOf(set('late'))).toBe('bridge-unresponsive');
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['what is no message', 'nonsense'],
    ['an unknown message', '{"type":"good-bye"}'],
    ['an answer that does not fit its request', '{"type":"granted","requestId":1,"value":null}'],
  ])('ends on %s', async (_, text) => {
    const request = codeOf(set('a'));
    session.read(text);
    expect(await request).toBe('protocol-unsupported');
    expect(socket.terminated).toBe(true);
  });

  it('passes on what the bridge tells by itself, and a welcome once', () => {
    read({ type: 'welcome', bridgeId: 'bridge' });
    read({ type: 'welcome', bridgeId: 'bridge' });
    read({ type: 'decision', callId: 'call', speakerId: 'a', decision });
    read({ type: 'call-lost', callId: 'call' });
    grant(4_711);
    expect(told).toEqual(['welcomed', 'call a true', 'lost call']);
  });

  it('rejects what waits when it is ended', async () => {
    const request = codeOf(set('a'));
    session.end(new TapError('disconnected', 'gone'));
    session.end(new TapError('bridge-unreachable', 'gone twice'));
    expect(await request).toBe('disconnected');
  });
});
