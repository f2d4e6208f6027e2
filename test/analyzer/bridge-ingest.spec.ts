import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DashboardLink } from '../../apps/analyzer/src/downlink/dashboard-link.ts';
import { BridgeIngest } from '../../apps/analyzer/src/ingest/bridge-ingest.ts';
import { DriftMonitor } from '../../apps/analyzer/src/model/drift-monitor.ts';
import { ModelDesk } from '../../apps/analyzer/src/model/model-desk.ts';
import { ModelRelay } from '../../apps/analyzer/src/model/model-relay.ts';
import { Roster } from '../../apps/analyzer/src/session/roster.ts';
import { SessionCounts } from '../../apps/analyzer/src/session/session-counts.ts';
import { FakeBridge } from './fake-bridge.ts';
import { ScriptedEngine, scriptedModel } from './scripted-model.ts';
import { customer, FrameScript, sentence } from './spoken-frames.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {} };
const silenceMs = 10_000;

describe('BridgeIngest and Roster', () => {
  let nowMs: number;
  let server: Server;
  let url: string;
  let roster: Roster;
  let ingest: BridgeIngest;
  let relay: ModelRelay;
  let counts: SessionCounts;

  beforeEach(async () => {
    nowMs = 1_800_000_000_000;
    const clock = () => nowMs;
    relay = new ModelRelay(
      { model: scriptedModel, engine: new ScriptedEngine() },
      { round: () => {}, failed: () => {}, tick: () => {} },
      () => 0,
      clock,
    );
    const drift = new DriftMonitor(scriptedModel, { shiftDeviations: 1, stabilityIndex: 0.25 });
    const models = new ModelDesk(
      relay,
      drift,
      { modelRoot: '/', engine: 'onnx', precision: 'float32' },
      () => 0,
      clock,
      silent,
    );
    const link = new DashboardLink('ws://127.0.0.1:9/ingest', 'analyzer-test', () => 0, silent);
    counts = new SessionCounts();
    roster = new Roster(models, link, counts, clock);
    const limits = {
      workers: 1,
      maxConnections: 10,
      maxMessageBytes: 16_384,
      maxSpeakers: 100,
      creditFrames: 1_000,
      maxRefusals: 100,
      silenceMs,
    };
    ingest = new BridgeIngest(roster, clock, limits, silent);
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    ingest.attach(server);
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await ingest.close();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Everything sent so far has arrived: the answer to a ping comes after it. */
  async function arrived({ socket }: FakeBridge): Promise<void> {
    socket.ping();
    await once(socket, 'pong');
  }

  it('drops a connection that never says hello', async () => {
    const bridge = await FakeBridge.connect(url);
    nowMs += silenceMs;
    ingest.checkConnections();
    expect(await bridge.closed).toBe(1008);
    expect(ingest.refusals.counts['no-hello']).toBe(1);
  });

  it('drops a connection that answers no ping, and keeps one that does', async () => {
    const deaf = new WebSocket(`${url.replace('http', 'ws')}/ingest`, { autoPong: false });
    const deafClosed = once(deaf, 'close');
    await once(deaf, 'open');
    deaf.send(JSON.stringify({ type: 'hello', protocol: 1, bridgeId: 'deaf' }));
    await once(deaf, 'message');
    const bridge = await FakeBridge.connect(url);
    await bridge.greet();
    nowMs += silenceMs;
    ingest.checkConnections();
    await arrived(bridge);
    ingest.checkConnections();
    expect((await deafClosed)[0]).toBe(1006);
    expect(ingest.refusals.counts.unresponsive).toBe(1);
    await arrived(bridge);
    expect(ingest.bridges).toBe(1);
  });

  it('stops reading a bridge that sends faster than the model judges, and loses nothing', async () => {
    const bridge = await FakeBridge.connect(url);
    await bridge.greet();
    bridge.join(1, customer('mara'));
    const script = new FrameScript(1);
    const frames = [1, 2, 3, 4].flatMap(() => script.speak(sentence('11b09Fd')));
    await bridge.stream(frames);
    bridge.leave(1, customer('mara'));
    while (roster.size > 0 || ingest.frames < frames.length) {
      await relay.tick();
      roster.publish();
      ingest.relieve(false);
      await new Promise(setImmediate);
    }
    expect(ingest.frames).toBe(frames.length);
    expect([counts.droppedSteps, counts.droppedPoints]).toEqual([0, 0]);
    // One step for every 40 ms, but for the window that the last one would need.
    expect(relay.steps + counts.silentSteps).toBe(Math.floor((4 * 48_585 - 240) / 640));
  });

  it('lets speakers go when their bridge does not come back', async () => {
    const bridge = await FakeBridge.connect(url);
    await bridge.greet();
    bridge.join(1, customer('mara'));
    await arrived(bridge);
    await bridge.close();
    while (ingest.bridges > 0) await new Promise(setImmediate);
    nowMs += 29_999;
    roster.publish();
    expect(roster.size).toBe(1);
    nowMs += 1;
    roster.publish();
    expect([roster.size, relay.speakers]).toEqual([0, 0]);
  });

  it('takes audio only from the bridge that announced the speaker last', async () => {
    const first = await FakeBridge.connect(url);
    const second = await FakeBridge.connect(url);
    await first.greet();
    await second.greet();
    first.join(1, customer('mara'));
    await arrived(first);
    second.join(8, customer('mara'));
    await arrived(second);
    const [frame] = new FrameScript(1).silence(20);
    first.sendFrame(frame);
    first.leave(1, customer('mara'));
    await arrived(first);
    second.sendFrame({ ...frame, streamId: 8 });
    await arrived(second);
    roster.publish();
    expect(ingest.refusals.counts['stream-unknown']).toBe(2);
    expect([roster.size, ingest.frames]).toEqual([1, 1]);
  });

  it('replaces the speaker of a stream number that is used again', async () => {
    const bridge = await FakeBridge.connect(url);
    await bridge.greet();
    bridge.join(1, customer('mara'));
    bridge.join(1, customer('jonas'));
    await arrived(bridge);
    roster.publish();
    expect(roster.speakers().map(({ id }) => id)).toEqual(['jonas']);
  });
});
