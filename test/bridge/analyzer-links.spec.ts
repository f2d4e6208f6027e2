import type { Speaker } from '@undertone/wire';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AnalyzerLinks } from '../../apps/sfu-bridge/src/link/analyzer-links.ts';
import type { SpeakerStream } from '../../apps/sfu-bridge/src/link/speaker-stream.ts';
import { workerOf } from '../../apps/sfu-bridge/src/link/worker-of.ts';
import { FrameRing, frameSamples } from '../../apps/sfu-bridge/src/tap/frame-ring.ts';
import { TapCounters } from '../../apps/sfu-bridge/src/tap/tap-counters.ts';
import { FakeAnalyzer } from './fake-analyzer.ts';

const speaker = (id: string): Speaker => ({
  callId: 'call',
  id,
  name: 'Someone',
  role: 'customer',
  consent: 'granted',
  muted: false,
  decision: { analysed: true, reason: 'Customer, with consent' },
  joinedAtMs: 1,
});

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function startAnalyzer(credits: number, port = 0, workers = 1): Promise<FakeAnalyzer> {
  const analyzer = await FakeAnalyzer.start(credits, port, workers);
  closing.push(() => analyzer.close());
  return analyzer;
}

function startLink(url: string, keepLostMs = 60_000) {
  const counters = new TapCounters();
  const log = { debug() {}, info() {}, warn() {} };
  const link = new AnalyzerLinks({ url, counters, log, keepLostMs, retryMs: 5, maxRetryMs: 20 });
  closing.push(() => link.close());
  const pulse = setInterval(() => link.sendFrames(), 1);
  closing.push(() => clearInterval(pulse));
  const join = (id: string, capacityFrames = 100) => {
    const stream = link.join(speaker(id));
    stream.ring = new FrameRing(capacityFrames, counters);
    return stream;
  };
  /** Puts a frame of the sample value `n` into the stream. */
  const push = (stream: SpeakerStream, n: number) => {
    stream.ring?.push(new Int16Array(frameSamples).fill(n), frameSamples, 40 * n, 0, false);
    link.frameReady(stream);
  };
  return { link, counters, join, push };
}

const types = (analyzer: FakeAnalyzer) => analyzer.messages.map((message) => message.type);

describe('AnalyzerLinks', () => {
  it('says hello and then who is there, and goes on telling what changes', async () => {
    const analyzer = await startAnalyzer(10);
    const { link, join } = startLink(analyzer.url);
    const stream = join('early');
    await analyzer.until(() => analyzer.messages.length === 2);
    link.update(stream, { ...stream.speaker, muted: true });
    const late = join('late');
    link.leave(stream);
    await analyzer.until(() => analyzer.messages.length === 5);
    expect(types(analyzer)).toEqual([
      'hello',
      'speaker-joined',
      'speaker-updated',
      'speaker-joined',
      'speaker-left',
    ]);
    expect(late.streamId).not.toBe(stream.streamId);
    expect(analyzer.messages[4]).toEqual({
      type: 'speaker-left',
      streamId: stream.streamId,
      callId: 'call',
      speakerId: 'early',
    });
  });

  it('sends no more frames than it has credit for, and takes turns between speakers', async () => {
    const analyzer = await startAnalyzer(4);
    const { link, join, push } = startLink(analyzer.url);
    const a = join('a');
    const b = join('b');
    for (let n = 0; n < 5; n++) push(a, n);
    push(b, 0);
    push(b, 1);
    await analyzer.until(() => analyzer.frames.length === 4);
    expect(analyzer.frames.map(({ streamId, sequence }) => [streamId, sequence])).toEqual([
      [a.streamId, 0],
      [b.streamId, 0],
      [a.streamId, 1],
      [b.streamId, 1],
    ]);
    expect(link.credits).toBe(0);
    expect(link.queuedFrames).toBe(3);
    analyzer.grant(3);
    await analyzer.until(() => analyzer.frames.length === 7);
    expect(analyzer.framesOf(a.streamId).map(({ samples }) => samples![frameSamples - 1])).toEqual([
      0, 1, 2, 3, 4,
    ]);
  });

  it('keeps frames while the analyzer is away, tells everyone again, and drops only what does not fit', async () => {
    const first = await startAnalyzer(100);
    const { link, counters, join, push } = startLink(first.url);
    const stream = join('a', 3);
    await first.until(() => first.messages.length === 2);
    await first.close();
    await vi.waitUntil(() => !link.connected);
    for (let n = 0; n < 5; n++) push(stream, n);
    const second = await startAnalyzer(100, first.port);
    await second.until(() => second.frames.length === 3);
    expect(types(second)).toEqual(['hello', 'speaker-joined']);
    expect(second.frames.map(({ sequence, captureMs }) => [sequence, captureMs])).toEqual([
      [2, 80],
      [3, 120],
      [4, 160],
    ]);
    expect(counters).toMatchObject({ sentFrames: 3, droppedFrames: 2 });
    expect(link.connections).toBe(2);
  });

  it('sends everything that the rings hold again after a reconnection, under the same numbers', async () => {
    const analyzer = await startAnalyzer(100);
    const { counters, join, push } = startLink(analyzer.url);
    const stream = join('a', 3);
    for (let n = 0; n < 5; n++) {
      push(stream, n);
      await analyzer.until(() => analyzer.frames.length === n + 1);
    }
    analyzer.hangUp();
    await analyzer.until(() => analyzer.frames.length === 8);
    expect(analyzer.frames.slice(5).map(({ sequence, captureMs }) => [sequence, captureMs])).toEqual([
      [2, 80],
      [3, 120],
      [4, 160],
    ]);
    expect(counters.droppedFrames).toBe(0);
  });

  it('goes on with the stream of a speaker whose media was lost, and says that they left when they stay away', async () => {
    const analyzer = await startAnalyzer(100);
    const { link, join, push } = startLink(analyzer.url, 30);
    const stream = join('a');
    const other = join('b');
    await analyzer.until(() => analyzer.messages.length === 3);
    link.lose(stream);
    link.lose(other);
    expect(link.join(speaker('a'))).toBe(stream);
    await analyzer.until(() => types(analyzer).includes('speaker-left'));
    push(stream, 0);
    await analyzer.until(() => analyzer.frames.length === 1);
    expect(types(analyzer)).toEqual([
      'hello',
      'speaker-joined',
      'speaker-joined',
      'speaker-updated',
      'speaker-left',
    ]);
    expect(analyzer.messages.at(-1)).toMatchObject({ speakerId: 'b' });
  });

  it('keeps nothing of a speaker who comes back without consent', async () => {
    const analyzer = await startAnalyzer(0);
    const { link, join, push } = startLink(analyzer.url);
    const stream = join('a');
    push(stream, 0);
    link.lose(stream);
    link.join({ ...speaker('a'), decision: { analysed: false, reason: 'This person withdrew consent' } });
    expect(link.queuedFrames).toBe(0);
  });

  it('gives the credit of a broken connection no second life', async () => {
    const analyzer = await startAnalyzer(2);
    const { link, join, push } = startLink(analyzer.url);
    const stream = join('a');
    await analyzer.until(() => analyzer.messages.length === 2);
    analyzer.grant(1_000);
    analyzer.hangUp();
    await analyzer.until(() => types(analyzer).filter((type) => type === 'hello').length === 2);
    for (let n = 0; n < 4; n++) push(stream, n);
    await analyzer.until(() => analyzer.frames.length === 2);
    expect(link.credits).toBe(0);
    expect(link.queuedFrames).toBe(2);
  });

  it('counts messages that it does not understand and goes on', async () => {
    const analyzer = await startAnalyzer(0);
    const { link, join, push } = startLink(analyzer.url);
    const stream = join('a');
    await analyzer.until(() => analyzer.messages.length === 2);
    analyzer.send('{"type":"credit","frames":-1}');
    analyzer.send('nonsense');
    analyzer.grant(1);
    push(stream, 7);
    await analyzer.until(() => analyzer.frames.length === 1);
    expect(link.faults).toBe(2);
  });

  it('sends what credit allows of a leaving speaker, and forgets the rest', async () => {
    const analyzer = await startAnalyzer(2);
    const { link, counters, join, push } = startLink(analyzer.url);
    const stream = join('a');
    await analyzer.until(() => analyzer.messages.length === 2);
    for (let n = 0; n < 3; n++) push(stream, n);
    link.leave(stream);
    link.leave(stream);
    await analyzer.until(() => types(analyzer).includes('speaker-left'));
    expect(analyzer.frames).toHaveLength(2);
    expect(link.queuedFrames).toBe(0);
    expect(counters.droppedFrames).toBe(1);
  });

  const names = Array.from({ length: 24 }, (_, i) => `speaker-${i}`);
  const placesOf = (workers: number) =>
    names.map((id) => `${workerOf({ callId: 'call', id }, workers)}/${id}`).sort();

  it('tells every worker of its own speakers, however many the analyzer says it has', async () => {
    const analyzer = await startAnalyzer(100, 0, 3);
    const { link, join, push } = startLink(analyzer.url);
    // The first half is there before the number of workers is known.
    const streams = names.slice(0, 12).map((id) => join(id));
    await analyzer.until(() => analyzer.announced.length === 12);
    expect([link.workers, link.connectedWorkers]).toEqual([3, 3]);
    streams.push(...names.slice(12).map((id) => join(id)));
    for (const stream of streams) push(stream, 1);
    await analyzer.until(() => analyzer.announced.length === 24 && analyzer.frames.length === 24);
    expect(analyzer.announced.toSorted()).toEqual(placesOf(3));
    expect(new Set(streams.map(({ streamId }) => streamId)).size).toBe(24);
    expect(new Set(analyzer.messages.flatMap((m) => (m.type === 'hello' ? [m.bridgeId] : []))).size).toBe(1);
  });

  it.each([
    [3, 2],
    [1, 4],
    [2, 1],
  ])(
    'goes over from %i workers to %i when the analyzer comes back with as many, with all that the rings hold',
    async (before, after) => {
      const first = await startAnalyzer(1_000, 0, before);
      const { link, counters, join, push } = startLink(first.url);
      const streams = names.map((id) => join(id, 4));
      await first.until(() => first.announced.length === 24);
      for (const stream of streams) for (let n = 0; n < 3; n++) push(stream, n);
      await first.until(() => first.frames.length === 72);
      await first.close();
      await vi.waitUntil(() => link.connectedWorkers === 0);
      const second = await startAnalyzer(1_000, first.port, after);
      await second.until(() => {
        const told = new Set(second.announced);
        return (
          placesOf(after).every((place) => told.has(place)) &&
          streams.every((s) => second.framesOf(s.streamId).length >= 3)
        );
      });
      expect([link.workers, link.connected]).toEqual([after, true]);
      for (const { streamId } of streams)
        expect(
          second
            .framesOf(streamId)
            .slice(-3)
            .map(({ sequence }) => sequence),
        ).toEqual([0, 1, 2]);
      expect(counters.droppedFrames).toBe(0);
      // Everyone leaves from where they are now.
      for (const stream of streams) link.leave(stream);
      await second.until(() => types(second).filter((type) => type === 'speaker-left').length === 24);
    },
  );
});
