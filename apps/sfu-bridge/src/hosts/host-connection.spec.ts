import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { HostTools } from './host-call.ts';
import { HostConnection } from './host-connection.ts';
import { HostRefusals } from './host-refusals.ts';

it('gives up a host that asks and never reads the answers', async () => {
  const sent: string[] = [];
  const socket = {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    send: (text: string) => sent.push(JSON.parse(text).type),
    terminate() {
      this.readyState = 3;
    },
  };
  const refusals = new HostRefusals();
  const connection = new HostConnection(
    1,
    socket as unknown as WebSocket,
    'bridge',
    { clock: () => 0 } as HostTools,
    refusals,
    { maxPendingRequests: 4, maxRefusals: 4 },
    pino({ level: 'silent' }),
    () => {},
  );
  const leave = '{"type":"remove-speaker","requestId":1,"callId":"call","speakerId":"mara"}';
  connection.readText('{"type":"hello","tapId":"tap"}');
  connection.readText(leave);
  await new Promise(setImmediate);
  expect(sent).toEqual(['welcome', 'granted']);
  socket.bufferedAmount = (1 << 20) + 1;
  connection.readText(leave);
  await new Promise(setImmediate);
  expect(sent).toHaveLength(2);
  expect(socket.readyState).toBe(3);
  expect(refusals.counts.unresponsive).toBe(1);
});
