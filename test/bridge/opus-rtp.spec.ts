import type { BridgeMessage, PcmFrame } from '@undertone/wire';
import { afterEach, describe, expect, it } from 'vitest';
import { libopusWasm } from '../../apps/sfu-bridge/src/opus/libopus-wasm-decoder.ts';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { seededRandom } from './seeded-random.ts';
import { encodeSpeech, packetSamples, RtpSender, readSpeech } from './speech-rtp.ts';
import { TestBridge } from './test-bridge.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function setUp(config: Parameters<typeof TestBridge.start>[1] = {}) {
  const analyzer = await FakeAnalyzer.start();
  closing.push(() => analyzer.close());
  const bridge = await TestBridge.start(analyzer.url, config);
  closing.push(() => bridge.close());
  await analyzer.until(() => analyzer.messages.length > 0);
  return { analyzer, bridge };
}

async function openSender(speaker: Parameters<typeof RtpSender.open>[0]): Promise<RtpSender> {
  const sender = await RtpSender.open(speaker);
  closing.push(() => sender.close());
  return sender;
}

type Joined = Extract<BridgeMessage, { type: 'speaker-joined' }>;
const joined = (analyzer: FakeAnalyzer, speakerId: string): Joined | undefined =>
  analyzer.messages.find(
    (message): message is Joined => message.type === 'speaker-joined' && message.speaker.id === speakerId,
  );

/** What a bad network makes of `count` packets: the order in which the surviving ones arrive. */
function damage(count: number): { order: number[]; lost: Set<number> } {
  const random = seededRandom(7);
  const lost = new Set<number>();
  // The first anchors the time, and after the last no other would reveal a loss.
  for (let n = 1; n < count - 5; n++) if (random() < 0.05) lost.add(n);
  const order = Array.from({ length: count }, (_, n) => n).filter((n) => !lost.has(n));
  for (let i = 1; i + 1 < order.length - 5; i++) {
    if (random() < 0.1) {
      [order[i], order[i + 1]] = [order[i + 1], order[i]];
      i++;
    }
  }
  return { order, lost };
}

/** All samples of the frames, silence as zeros. */
function lineOf(frames: PcmFrame[]): Int16Array {
  const line = new Int16Array(frames.reduce((sum, each) => sum + each.sampleCount, 0));
  let at = 0;
  for (const { samples, sampleCount } of frames) {
    if (samples) line.set(samples, at);
    at += sampleCount;
  }
  return line;
}

const samplesIn = (frames: PcmFrame[]) => frames.reduce((sum, each) => sum + each.sampleCount, 0);

describe('Opus over RTP through mediasoup to the analyzer', () => {
  it('arrives complete, in order and in true time, with 5 % loss and reordering accounted for', async () => {
    const { analyzer, bridge } = await setUp();
    const speaker = await bridge.addSpeaker('call', {
      id: 'caller',
      name: 'Caller',
      role: 'customer',
      consent: 'granted',
    });
    await analyzer.until(() => joined(analyzer, 'caller') !== undefined);
    await bridge.reaches('tapped_speakers', 1);
    const { streamId } = joined(analyzer, 'caller')!;
    const startMs = bridge.nowMs;
    const sender = await openSender(speaker);
    const packets = encodeSpeech(readSpeech('11b09Fd'));
    const { order, lost } = damage(packets.length);
    expect(lost.size).toBeGreaterThan(3);

    for (const [arrived, n] of order.entries()) {
      bridge.nowMs = Math.max(bridge.nowMs, startMs + 20 * (n + 1));
      await sender.send(n, packets[n]);
      await bridge.reaches('rtp_packets_total', arrived + 1);
    }
    // A little later nothing more is on its way: what was open is given out.
    bridge.nowMs += 70;
    const total = packets.length * packetSamples;
    await analyzer.until(() => samplesIn(analyzer.framesOf(streamId)) >= total);

    const frames = analyzer.framesOf(streamId);
    expect(samplesIn(frames)).toBe(total);
    expect(frames.map((each) => each.sequence)).toEqual(frames.map((_, i) => i));
    let expectedMs = startMs;
    for (const { captureMs, sampleCount, discontinuity } of frames) {
      expect(captureMs).toBeCloseTo(expectedMs, 3);
      expect(discontinuity).toBe(false);
      expectedMs += sampleCount / 16;
    }
    const concealed = frames.reduce((sum, each) => sum + each.concealedSamples, 0);
    expect(concealed).toBe(lost.size * packetSamples);
    expect(await bridge.metric('rtp_lost_total')).toBe(lost.size);
    expect(await bridge.metric('rtp_late_total')).toBe(0);
    expect(await bridge.metric('opus_decoded_total')).toBe(order.length);
    const recovered = await bridge.metric('samples_total{kind="recovered"}');
    expect(recovered).toBeGreaterThan(0);
    expect(recovered + (await bridge.metric('samples_total{kind="concealed"}'))).toBe(concealed);
    expect(await bridge.metric('samples_total{kind="overtaken"}')).toBe(0);
    expect(await bridge.metric('frames_dropped_total')).toBe(0);

    // Nothing was mixed up on the way: the sound is the undamaged one, but for what was lost.
    const decoder = await libopusWasm.create();
    closing.push(() => decoder.close());
    const out = new Int16Array(1_920);
    const line = lineOf(frames);
    let signal = 0;
    let error = 0;
    packets.forEach((packet, n) => {
      decoder.decode(packet, out);
      for (let i = 0; i < packetSamples; i++) {
        signal += out[i] ** 2;
        error += (out[i] - line[n * packetSamples + i]) ** 2;
      }
    });
    expect(10 * Math.log10(signal / error)).toBeGreaterThan(10);
  });

  it('never consumes a speaker who may not be analysed, whoever else speaks', async () => {
    const { analyzer, bridge } = await setUp();
    const request = { name: 'Someone', role: 'customer', consent: 'granted' } as const;
    const refused = await Promise.all([
      bridge.addSpeaker('call', { ...request, id: 'denied', consent: 'denied' }),
      bridge.addSpeaker('call', { ...request, id: 'unasked', consent: 'unknown' }),
      bridge.addSpeaker('call', { ...request, id: 'agent', role: 'agent' }),
    ]);
    const allowed = await bridge.addSpeaker('call', { ...request, id: 'allowed' });
    await bridge.reaches('tapped_speakers', 1);
    const packets = encodeSpeech(readSpeech('11a02Nc')).slice(0, 40);
    const senders = await Promise.all([...refused, allowed].map(openSender));
    for (const [n, packet] of packets.entries()) {
      bridge.nowMs += 20;
      for (const sender of senders) await sender.send(n, packet);
      await bridge.reaches('rtp_packets_total', n + 1);
    }
    await analyzer.until(() => analyzer.frames.length >= 20);

    expect(await bridge.metric('rtp_packets_total')).toBe(packets.length);
    expect(await bridge.metric('opus_decoded_total')).toBe(packets.length);
    expect(await bridge.metric('tapped_speakers')).toBe(1);
    const { streamId } = joined(analyzer, 'allowed')!;
    expect(new Set(analyzer.frames.map((each) => each.streamId))).toEqual(new Set([streamId]));
    for (const { speaker } of refused) {
      expect(speaker.decision.analysed).toBe(false);
      expect(joined(analyzer, speaker.id)?.speaker.decision).toEqual(speaker.decision);
    }
  });

  it('stops at once when consent is withdrawn, and goes on with the same stream when it is given again', async () => {
    const { analyzer, bridge } = await setUp();
    const speaker = await bridge.addSpeaker('call', {
      id: 'caller',
      name: 'Caller',
      role: 'customer',
      consent: 'granted',
    });
    await bridge.reaches('tapped_speakers', 1);
    const packets = encodeSpeech(readSpeech('11a02Nc'));
    const sender = await openSender(speaker);
    for (let n = 0; n < 10; n++) {
      bridge.nowMs += 20;
      await sender.send(n, packets[n]);
      await bridge.reaches('rtp_packets_total', n + 1);
    }
    await analyzer.until(() => analyzer.frames.length >= 5);

    const withdrawn = await bridge.updateSpeaker('call', 'caller', { consent: 'withdrawn' });
    expect(withdrawn.decision).toEqual({ analysed: false, reason: 'This person withdrew consent' });
    expect(await bridge.metric('tapped_speakers')).toBe(0);
    for (let n = 10; n < 20; n++) {
      bridge.nowMs += 20;
      await sender.send(n, packets[n]);
    }

    await bridge.updateSpeaker('call', 'caller', { consent: 'granted' });
    await bridge.reaches('tapped_speakers', 1);
    const before = await bridge.metric('rtp_packets_total');
    expect(before).toBeLessThan(20);
    // The tap opens a moment after consent: packets are sent until one is heard.
    for (let n = 20; (await bridge.metric('rtp_packets_total')) === before; n++) {
      bridge.nowMs += 20;
      await sender.send(n, packets[n % packets.length]);
    }
    bridge.nowMs += 200;
    const { streamId } = joined(analyzer, 'caller')!;
    await analyzer.until(() => analyzer.framesOf(streamId).length > 5);
    const updates = analyzer.messages.filter((message) => message.type === 'speaker-updated');
    expect(updates.map((each) => each.speaker.decision.analysed)).toEqual([false, true]);
    expect(updates.every((each) => each.streamId === streamId)).toBe(true);
  });

  it('tells silence while a speaker is muted, and takes up true time afterwards', async () => {
    const { analyzer, bridge } = await setUp();
    const speaker = await bridge.addSpeaker('call', {
      id: 'caller',
      name: 'Caller',
      role: 'customer',
      consent: 'granted',
    });
    await bridge.reaches('tapped_speakers', 1);
    const { streamId } = await (async () => {
      await analyzer.until(() => joined(analyzer, 'caller') !== undefined);
      return joined(analyzer, 'caller')!;
    })();
    const packets = encodeSpeech(readSpeech('08a02Wc'));
    const sender = await openSender(speaker);
    const startMs = bridge.nowMs;
    for (let n = 0; n < 10; n++) {
      bridge.nowMs = startMs + 20 * (n + 1);
      await sender.send(n, packets[n]);
      await bridge.reaches('rtp_packets_total', n + 1);
    }
    await bridge.updateSpeaker('call', 'caller', { muted: true });
    const wordsSamples = 10 * packetSamples;
    for (let ms = 0; ms < 2_000; ms += 100) {
      bridge.nowMs += 100;
      const told = Math.max(0, bridge.nowMs - 400 - (startMs + 200));
      const silence = Math.floor(told / 100) * 1_600;
      await analyzer.until(() => samplesIn(analyzer.framesOf(streamId)) >= wordsSamples + silence);
    }
    const muted = analyzer.framesOf(streamId).filter((each) => each.samples === null);
    expect(muted.every((each) => each.sampleCount <= 1_600)).toBe(true);
    expect(samplesIn(muted)).toBe(1_600 * 16);

    await bridge.updateSpeaker('call', 'caller', { muted: false });
    const heardBefore = await bridge.metric('rtp_packets_total');
    bridge.nowMs += 20;
    // The sender's media clock stood still while it was muted.
    await sender.send(10, packets[10]);
    await bridge.reaches('rtp_packets_total', heardBefore + 1);
    bridge.nowMs += 100;
    await analyzer.until(() => analyzer.framesOf(streamId).at(-1)?.samples !== null);
    const last = analyzer.framesOf(streamId).at(-1)!;
    expect(last.captureMs).toBeCloseTo(startMs + 200 + 2_000, 3);
    expect(await bridge.metric('samples_total{kind="overtaken"}')).toBe(0);
  });

  it('says when a speaker leaves, and removes a plain speaker whose sender is dead', async () => {
    const { analyzer, bridge } = await setUp({ idlePlainSpeakerMs: 120 });
    const request = { name: 'Someone', role: 'customer', consent: 'granted' } as const;
    await bridge.addSpeaker('call', { ...request, id: 'leaves' });
    await bridge.removeSpeaker('call', 'leaves');
    await bridge.addSpeaker('call', { ...request, id: 'dies' });
    bridge.nowMs += 1_000;
    await analyzer.until(
      () => analyzer.messages.filter((message) => message.type === 'speaker-left').length === 2,
    );
    const left = analyzer.messages.filter((message) => message.type === 'speaker-left');
    expect(left.map((each) => each.speakerId)).toEqual(['leaves', 'dies']);
    expect(await (await fetch(`${bridge.url}/calls`)).json()).toEqual([]);
    expect(await bridge.metric('plain_speakers_idle_total')).toBe(1);
  });

  it('decodes with opusscript as well, and says honestly when it can take no further speaker', async () => {
    const { analyzer, bridge } = await setUp({ decoder: 'opusscript', maxSpeakersPerCall: 70 });
    const request = { name: 'Someone', role: 'customer', consent: 'granted' } as const;
    const first = await bridge.addSpeaker('call', { ...request, id: 'first' });
    await bridge.reaches('tapped_speakers', 1);
    const sender = await openSender(first);
    const packets = encodeSpeech(readSpeech('08a02Wc')).slice(0, 10);
    for (const [n, packet] of packets.entries()) {
      bridge.nowMs += 20;
      await sender.send(n, packet);
      await bridge.reaches('opus_decoded_total', n + 1);
    }
    for (let n = 1; n < 65; n++) await bridge.addSpeaker('call', { ...request, id: `speaker-${n}` });
    await analyzer.until(() => analyzer.messages.some((message) => message.type === 'speaker-updated'));
    const update = analyzer.messages.find((message) => message.type === 'speaker-updated')!;
    expect(update.speaker.decision).toEqual({
      analysed: false,
      reason: 'Allowed, but the bridge can decode no further speaker',
    });
    expect(await bridge.metric('tapped_speakers')).toBe(64);
  });
});
