import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { LiveCalls } from '../calls/live-calls.ts';
import { AnalyzerIngest, type IngestLimits } from './analyzer-ingest.ts';

const silent = pino({ level: 'silent' });
let server: Server;
let ingest: AnalyzerIngest;
let now: number;

const hello = JSON.stringify({ type: 'hello', protocol: 1, analyzerId: 'test' });

function attach(limits: Partial<IngestLimits>): void {
  const calls = new LiveCalls(() => now, {
    maxCalls: 10,
    maxSpeakersPerCall: 4,
    maxPointsPerSpeaker: 100,
    historyMs: 60_000,
    keepEndedMs: 60_000,
    announceMs: 10_000,
    keepOrphansMs: 120_000,
    maxAheadMs: 60_000,
  });
  const given = { maxConnections: 4, maxMessageBytes: 4_096, maxMessagesPerSecond: 100, silenceMs: 60_000 };
  ingest = new AnalyzerIngest(calls, () => now, { ...given, ...limits }, silent);
  ingest.attach(server);
}

async function connect(options: { autoPong?: boolean } = {}): Promise<WebSocket> {
  const { port } = server.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ingest`, options);
  await once(socket, 'open');
  return socket;
}

beforeEach(async () => {
  now = 1_000_000;
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  ingest.close();
  server.close();
  await once(server, 'close');
});

describe('the ingest', () => {
  test('drops and counts messages beyond the rate, and takes more when time has passed', async () => {
    attach({ maxMessagesPerSecond: 5 });
    const socket = await connect();
    for (let i = 0; i < 15; i++) socket.send(hello);
    await vi.waitFor(() => expect(ingest.messages + ingest.refusals.counts['rate-exceeded']).toBe(15));
    expect(ingest.refusals.counts['rate-exceeded']).toBe(5);
    now += 1_000;
    socket.send(hello);
    await vi.waitFor(() => expect(ingest.messages).toBe(11));
  });

  test('takes nothing before hello', async () => {
    attach({});
    const socket = await connect();
    socket.send(JSON.stringify({ type: 'speaker-left', callId: 'c', speakerId: 's' }));
    await vi.waitFor(() => expect(ingest.refusals.counts['message-before-hello']).toBe(1));
    expect(ingest.connected).toBe(false);
  });

  test('closes a connection that never says hello', async () => {
    attach({ silenceMs: 20 });
    const socket = await connect();
    now += 20;
    const [code] = await once(socket, 'close');
    expect(code).toBe(1008);
    expect(ingest.refusals.counts['no-hello']).toBe(1);
  });

  test('refuses more connections than it has room for', async () => {
    attach({ maxConnections: 2 });
    await connect();
    await connect();
    const { port } = server.address() as AddressInfo;
    const [error] = await once(new WebSocket(`ws://127.0.0.1:${port}/ingest`), 'error');
    expect((error as Error).message).toContain('503');
    expect(ingest.refusals.counts['too-many-connections']).toBe(1);
  });

  test('notices a connection that is only half open', async () => {
    attach({ silenceMs: 20 });
    const links: boolean[] = [];
    ingest.onLink = (connected) => links.push(connected);
    const socket = await connect({ autoPong: false });
    socket.send(hello);
    await once(socket, 'close');
    await vi.waitFor(() => expect(links).toEqual([true, false]));
    expect(ingest.refusals.counts.unresponsive).toBe(1);
  });

  test('is connected as long as one of several analyzers is', async () => {
    attach({});
    const links: boolean[] = [];
    ingest.onLink = (connected) => links.push(connected);
    const [first, second] = [await connect(), await connect()];
    first.send(hello);
    await vi.waitFor(() => expect(ingest.messages).toBe(1));
    now += 5_000;
    second.send(hello);
    await vi.waitFor(() => expect(ingest.messages).toBe(2));
    expect(ingest.oldestHelloAtMs).toBe(now - 5_000);
    first.close();
    await vi.waitFor(() => expect(ingest.connections).toBe(1));
    expect(links).toEqual([true]);
    expect(ingest.oldestHelloAtMs).toBe(now);
    second.close();
    await vi.waitFor(() => expect(links).toEqual([true, false]));
  });
});
