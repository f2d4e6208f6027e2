import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Speaker } from '@undertone/wire';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../apps/sfu-bridge/src/config.ts';
import type { Desk } from '../../apps/sfu-bridge/src/tap/desk.ts';
import { TapDesks } from '../../apps/sfu-bridge/src/tap/tap-desks.ts';
import { FrameClock, systemTime } from '../../tools/demo-call/frame-clock.ts';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { encodeSpeech, RtpSender, readSpeech } from './speech-rtp.ts';

const speech = encodeSpeech(readSpeech('11a02Nc'));
const format = { payloadType: 100, audioLevelId: 0, absCaptureTimeId: 0 };
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const ssrc = 1_000;

const speakerOf = (callId: string, analysed = true): Speaker => ({
  callId,
  id: 'mara',
  name: 'Mara',
  role: 'customer',
  consent: analysed ? 'granted' : 'withdrawn',
  muted: false,
  decision: { analysed, reason: '' },
  joinedAtMs: 1,
});

describe.each([1, 2])('%i desks', (count) => {
  let analyzer: FakeAnalyzer;
  let desks: TapDesks;
  const closing: (() => void)[] = [];

  beforeEach(async () => {
    analyzer = await FakeAnalyzer.start();
    const config = { ...readConfig({ LOG_LEVEL: 'silent' }), analyzerUrl: analyzer.url };
    desks = new TapDesks({ desks: count, config, clock: Date.now, log: silent });
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) close();
    await desks.close();
    await analyzer.close();
    vi.restoreAllMocks();
  });

  /** Someone in a call who talks without end, and is listened to. */
  async function talk(callId: string) {
    const desk = desks.deskOf(callId);
    const [stream, socket] = [desks.nextNumber(), desks.nextNumber()];
    desk.join(stream, speakerOf(callId));
    const port = await desk.openSocket(socket);
    await desk.listen(stream, socket, ssrc, format);
    const { payloadType } = format;
    const sender = await RtpSender.open({
      rtp: { ip: '127.0.0.1', port, payloadType, ssrc, clockRateHz: 48_000, audioLevelExtensionId: 0 },
    });
    const clock = new FrameClock(systemTime, (slot) => {
      void sender.send(slot, speech[slot % speech.length]!).catch(() => {});
    });
    clock.start();
    closing.push(() => {
      clock.stop();
      sender.close();
    });
    return { desk, stream, socket };
  }

  const framesOf = (callId: string) => {
    const ids = analyzer.messages.flatMap((m) =>
      m.type === 'speaker-joined' && m.speaker.callId === callId ? [m.streamId] : [],
    );
    return ids.reduce((sum, id) => sum + analyzer.framesOf(id).length, 0);
  };
  const told = (type: string) => analyzer.messages.filter((message) => message.type === type).length;
  /** Waits until the counts, as they are then, satisfy `holds`. */
  const counted = (holds: (counters: TapDesks['counters']) => boolean) =>
    vi.waitUntil(
      async () => {
        await desks.refresh();
        return holds(desks.counters);
      },
      { timeout: 20_000 },
    );

  it('listen to each call at one of them, and count it all together', async () => {
    const calls = Array.from({ length: 6 }, (_, i) => `call-${i}`);
    const before = calls.map((id) => desks.deskOf(id));
    expect(new Set(before).size).toBe(count);
    const all = await Promise.all(calls.map(talk));
    expect(all.map(({ desk }) => desk)).toEqual(before);
    await counted(({ streams, sentFrames }) => streams === 6 && sentFrames >= 30);
    expect(desks.counters.decodedPackets).toBeGreaterThan(30);
    expect(told('hello')).toBe(count);
    expect(desks.link).toMatchObject({ connected: true, connections: count });
    for (const { desk, stream } of all) desk.leave(stream);
    await analyzer.until(() => told('speaker-left') === 6);
    await counted(({ streams }) => streams === 0);
    expect(told('speaker-joined')).toBe(6);
  });

  it('take and keep nothing of someone who withdraws consent, from when the update is done', async () => {
    const { desk, stream } = await talk('call');
    await counted(({ sentFrames }) => sentFrames > 0);
    await desk.update(stream, speakerOf('call', false));
    await desks.refresh();
    expect(desks.link.queuedFrames).toBe(0);
    const { decodedPackets, sentFrames } = desks.counters;
    // Somebody else is heard meanwhile, by the same desk.
    const other = `${Array.from({ length: 20 }, (_, i) => `call-${i}`).find((id) => desks.deskOf(id) === desk)}`;
    const heard = await talk(other);
    await analyzer.until(() => framesOf(other) >= 5);
    heard.desk.stop(heard.stream);
    await desks.refresh();
    const frames = framesOf('call');
    expect(desks.counters.sentFrames - sentFrames).toBe(framesOf(other));
    expect(framesOf('call')).toBe(frames);
    expect(desks.counters.decodedPackets).toBeGreaterThan(decodedPackets);
  });

  it('hear only the router once its port is known', async () => {
    const { desk, socket } = await talk('call');
    await counted(({ packets }) => packets > 0);
    const router = createSocket('udp4').bind(0, '127.0.0.1');
    closing.push(() => router.close());
    await once(router, 'listening');
    await desk.connectSocket(socket, router.address().port);
    await desks.refresh();
    const { packets } = desks.counters;
    const other = `${Array.from({ length: 20 }, (_, i) => `call-${i}`).find((id) => desks.deskOf(id) === desk)}`;
    await talk(other);
    await analyzer.until(() => framesOf(other) >= 5);
    expect(framesOf(other)).toBeGreaterThan(0);
    await desks.refresh();
    // Two packets a frame, and those under way.
    expect(desks.counters.packets - packets).toBeLessThanOrEqual(2 * framesOf(other) + 4);
  });

  if (count === 1) return;

  it('replace a thread that dies, say whose calls are lost, and leave the other alone', async () => {
    const posted = vi.spyOn(Worker.prototype, 'postMessage');
    const dying = await talk('call-0');
    const thread = posted.mock.contexts[0] as Worker;
    const survivor = `call-${[1, 2, 3, 4, 5, 6, 7].find((i) => desks.deskOf(`call-${i}`) !== dying.desk)}`;
    await talk(survivor);
    await analyzer.until(() => framesOf('call-0') > 0 && framesOf(survivor) > 0);
    const lost = new Promise<Desk>((resolve) => {
      desks.onLost = resolve;
    });
    await thread.terminate();
    expect(await lost).toBe(dying.desk);
    expect(desks.deaths).toBe(1);
    const [before, beside] = [framesOf('call-0'), framesOf(survivor)];
    // Whoever joins again is heard by the new thread, as soon as there is one.
    await vi.waitUntil(() => talk('call-0').then(Boolean, () => false), { timeout: 20_000 });
    await analyzer.until(() => framesOf('call-0') > before && framesOf(survivor) > beside);
    expect(analyzer.announced.filter((each) => each.endsWith('/mara'))).toHaveLength(3);
  });
});
