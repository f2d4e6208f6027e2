import { observer, type types } from 'mediasoup';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Host, startHost } from './host.ts';
import { speech, TappedHost, token } from './tapped-host.ts';

const customer = { name: 'Mara', role: 'customer', consent: 'granted' } as const;

let host: Host;
let tapped: TappedHost;
const bridgeWorkers: types.Worker[] = [];

beforeAll(async () => {
  observer.on('newworker', (worker) => bridgeWorkers.push(worker));
  host = await startHost();
});
afterEach(() => tapped.close());
afterAll(() => host.end());

/** One call, one speaker who is heard. */
async function startHeard(
  ...options: Parameters<typeof TappedHost.start> extends [Host, ...infer Rest] ? Rest : []
) {
  tapped = await TappedHost.start(host, ...options);
  await host.addCall('call');
  const sender = await tapped.sender(await host.addSpeaker('call', { id: 'mara', ...customer }));
  await tapped.feeds('call', 'mara');
  return { ...tapped, tapped, sender, next: await tapped.speakUntilHeard(sender, 0) };
}

const settled = (holds: (events: string[]) => boolean) => host.until(host.events, holds);
const connections = (events: string[]) => events.filter((each) => each === 'connected').length;

describe('a tap', () => {
  it('waits for a bridge that is not there yet', async () => {
    tapped = await TappedHost.start(host);
    const { bridge } = tapped;
    await bridge.close();
    await host.close();
    await host.start(tapped.tapOptions);
    await host.addCall('call');
    const rtp = await host.addSpeaker('call', { id: 'mara', ...customer });
    await settled((events) => events.some((event) => event.startsWith('disconnected')));
    await tapped.startBridge();
    await tapped.feeds('call', 'mara');
    await tapped.speakUntilHeard(await tapped.sender(rtp), 0);
    // Told once, however many attempts it took.
    const events = await host.events();
    expect(events.slice(0, -2).every((event) => event.startsWith('disconnected'))).toBe(true);
    expect(events.slice(-2)).toEqual(['connected', 'analysed call/mara']);
    expect(events.length).toBeLessThanOrEqual(4);
  });

  it('announces everyone again when the bridge was restarted, and nobody twice', async () => {
    const { sender, next, analyzer } = await startHeard();
    await host.addCall('other');
    await host.addSpeaker('other', { id: 'kim', ...customer });
    await host.addSpeaker('other', { id: 'agent', ...customer, role: 'agent' });
    await tapped.feeds('other', 'kim', 2);
    const before = analyzer.messages.length;
    await tapped.restartBridge();
    await tapped.feeds('call', 'mara', 2);
    await tapped.feeds('other', 'kim', 2);
    await tapped.speakUntilHeard(sender, next);
    expect(await tapped.bridge.metric('host_speakers')).toBe(3);
    expect(await tapped.bridge.metric('calls')).toBe(2);
    const again = analyzer.messages
      .slice(before)
      .flatMap((message) => (message.type === 'speaker-joined' ? [message.speaker.id] : []));
    expect(again.toSorted()).toEqual(['agent', 'kim', 'mara']);
    expect(await host.pipes()).toEqual({ count: 2, consumers: 2 });
  });

  it('goes on with the same speakers when only the connection was lost', async () => {
    const { sender, next, bridge, analyzer } = await startHeard();
    const frames = () => analyzer.framesOf(tapped.joined('mara')[0]!.streamId).length;
    tapped.proxy.cut();
    await bridge.reaches('orphan_speakers', 1);
    expect(await bridge.metric('tapped_speakers')).toBe(0);
    await host.until(host.pipes, ({ count }) => count === 0);
    tapped.proxy.heal();
    await tapped.feeds('call', 'mara');
    const before = frames();
    let n = next;
    while (frames() === before) n = await tapped.speakUntilHeard(sender, n);
    expect(tapped.joined('mara')).toHaveLength(1);
    expect(tapped.left('mara')).toBe(false);
    expect(await bridge.metric('orphan_speakers')).toBe(0);
    expect(await bridge.metric('speakers')).toBe(1);
  });

  it('notices a connection that is only half open, and takes its speakers back from it', async () => {
    const { sender, next, bridge } = await startHeard({}, { heartbeatMs: 500 });
    tapped.proxy.stall();
    await settled((events) => connections(events) >= 2);
    expect(await host.events()).toContain('disconnected bridge-unresponsive');
    await tapped.feeds('call', 'mara');
    await tapped.speakUntilHeard(sender, next);
    expect(tapped.joined('mara')).toHaveLength(1);
    expect(await bridge.metric('hosts')).toBe(1);
    expect(await bridge.metric('speakers')).toBe(1);
  });

  it('is forgotten when it stays away', async () => {
    const { bridge, analyzer } = await startHeard({ keepOrphansMs: 200 });
    tapped.proxy.cut();
    await bridge.reaches('orphan_speakers', 1);
    bridge.nowMs += 200;
    await analyzer.until(() => tapped.left('mara'));
    expect(await bridge.metric('calls')).toBe(0);
  });

  it('announces the calls again that the bridge has lost with a media worker', async () => {
    const { sender, next, analyzer } = await startHeard();
    process.kill(bridgeWorkers.at(-1)!.pid, 'SIGKILL');
    await analyzer.until(() => tapped.told('mara').length === 2);
    await tapped.feeds('call', 'mara');
    await tapped.speakUntilHeard(sender, next);
    // The same stream goes on.
    expect(tapped.joined('mara')).toHaveLength(1);
    expect(tapped.left('mara')).toBe(false);
    expect(await host.pipes()).toEqual({ count: 1, consumers: 1 });
    expect(connections(await host.events())).toBe(1);
  });

  it('closes its calls when the host loses its own worker, and takes new ones', async () => {
    const { analyzer, bridge } = await startHeard();
    await host.killWorker();
    await analyzer.until(() => tapped.left('mara'));
    expect(await host.calls()).toEqual([]);
    await host.addCall('call');
    const sender = await tapped.sender(await host.addSpeaker('call', { id: 'mara', ...customer }));
    await tapped.feeds('call', 'mara');
    await tapped.speakUntilHeard(sender, 0);
    expect(await bridge.metric('speakers')).toBe(1);
  });

  it.each([
    ['token-wrong', { token: 'another-token-than-that' }],
    ['bridge-unreachable', { url: 'ws://127.0.0.1:9/tap' }],
  ])('says %s and goes on trying', async (code, options) => {
    tapped = await TappedHost.start(host, {}, options);
    await settled((events) => events.includes(`disconnected ${code}`));
    if (code === 'token-wrong')
      while ((await tapped.bridge.metric('host_refusals_total{code="token-wrong"}')) < 3)
        await new Promise(setImmediate);
    expect(await host.events()).toEqual([`disconnected ${code}`]);
  });

  it('leaves a speaker to the host that has it, and takes over when that one has left', async () => {
    const { bridge } = await startHeard();
    const second = await startHost();
    await second.start({ ...tapped.tapOptions, url: `${bridge.url.replace('http', 'ws')}/tap` });
    await second.addCall('call');
    await second.addSpeaker('call', { id: 'mara', ...customer, name: 'Impostor' });
    await second.until(second.events, (events) => events.includes('problem speaker-exists call/mara'));
    expect(tapped.told('mara').every(({ name }) => name === 'Mara')).toBe(true);
    await host.removeSpeaker('call', 'mara');
    await second.until(
      () => second.speaker('call', 'mara'),
      ({ feeding }) => feeding,
    );
    expect(tapped.told('mara').at(-1)!.name).toBe('Impostor');
    // A host that dies leaves its speakers to whoever has them next.
    await second.end();
    await bridge.reaches('orphan_speakers', 1);
    await host.addSpeaker('call', { id: 'mara', ...customer });
    await tapped.feeds('call', 'mara');
    expect(tapped.told('mara').at(-1)!.name).toBe('Mara');
    expect(await bridge.metric('speakers')).toBe(1);
  });

  it('says goodbye: its speakers leave at once, and nothing stays open', async () => {
    const { analyzer, bridge } = await startHeard();
    await host.close();
    await host.close();
    await analyzer.until(() => tapped.left('mara'));
    expect(await bridge.metric('calls')).toBe(0);
    expect(await bridge.metric('hosts')).toBe(0);
    expect(await bridge.metric('orphan_speakers')).toBe(0);
    expect(await host.pipes()).toEqual({ count: 0, consumers: 0 });
  });

  it('carries 200 calls of four, and brings them back', async () => {
    const calls = 200;
    tapped = await TappedHost.start(host, { maxCalls: calls });
    await Promise.all(
      Array.from({ length: calls }, async (_, index) => {
        const callId = `call-${index}`;
        await host.addCall(callId);
        await host.addSpeaker(callId, { id: 'customer', ...customer });
        for (const id of ['agent-1', 'agent-2', 'agent-3'])
          await host.addSpeaker(callId, { id, ...customer, role: 'agent', voice: false });
      }),
    );
    const all = async () => {
      await tapped.bridge.reaches('host_speakers', 4 * calls);
      await tapped.bridge.reaches('tapped_speakers', calls);
      await host.until(host.feeding, (feeding) => feeding === calls);
      expect(await host.pipes()).toEqual({ count: calls, consumers: calls });
      expect(await tapped.bridge.metric('calls')).toBe(calls);
    };
    await all();
    tapped.proxy.cut();
    await tapped.bridge.reaches('orphan_speakers', 4 * calls);
    tapped.proxy.heal();
    await all();
    expect(tapped.joined('customer')).toHaveLength(calls);
    expect((await host.events()).filter((event) => event.startsWith('problem'))).toEqual([]);
    expect(await tapped.bridge.metric('host_refusals_total{code="too-many-requests"}')).toBe(0);
  }, 90_000);
});

describe('a tap whose RTP does not arrive', () => {
  it('says where it should', async () => {
    tapped = await TappedHost.start(host, { announcedAddress: '127.0.0.9' }, { arrivalCheckMs: 20 });
    await host.addCall('call');
    const sender = await tapped.sender(await host.addSpeaker('call', { id: 'mara', ...customer }));
    await tapped.feeds('call', 'mara');
    let n = 0;
    await settled((events) => {
      void sender.send(n++, speech[0]!);
      return events.includes('problem media-unreachable call/mara');
    });
    expect(await tapped.bridge.metric('rtp_packets_total')).toBe(0);
  });

  it('says nothing where it does', async () => {
    const { sender, next } = await startHeard({}, { arrivalCheckMs: 20 });
    let n = next;
    for (let heard = 0; heard < 50; heard++) n = await tapped.speakUntilHeard(sender, n);
    expect(await host.events()).toEqual(['connected', 'analysed call/mara']);
  });
});

describe('a tap with a wrong option', () => {
  it('is refused', async () => {
    tapped = await TappedHost.start(host);
    await expect(host.start({ url: 'ws://undertone.example/tap', token })).rejects.toThrow(/need wss:/);
  });
});
