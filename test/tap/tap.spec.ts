import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { libopusWasm } from '../../apps/sfu-bridge/src/opus/libopus-wasm-decoder.ts';
import { type Host, startHost } from './host.ts';
import { hostAbsCaptureTimeId, hostAudioLevelId, speech, TappedHost } from './tapped-host.ts';

const customer = { name: 'Mara', role: 'customer', consent: 'granted' } as const;
const packetSamples = 320;

let host: Host;
let tapped: TappedHost;

beforeAll(async () => {
  host = await startHost();
});
afterEach(() => tapped.close());
afterAll(() => host.end());

async function start(
  ...options: Parameters<typeof TappedHost.start> extends [Host, ...infer Rest] ? Rest : []
) {
  tapped = await TappedHost.start(host, ...options);
  return tapped;
}

/** abs-capture-time in its short format: NTP, 32.32 bits. */
function absCaptureTime(ms: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(Math.round((ms / 1000 + 2_208_988_800) * 2 ** 20)) << 12n);
  return bytes;
}

describe('a speaker of another mediasoup application', () => {
  it('is heard whole, in capture time, with silence told by the audio level', async () => {
    const { analyzer, bridge } = await start();
    await host.addCall('call');
    const sender = await tapped.sender(await host.addSpeaker('call', { id: 'mara', ...customer }));
    await tapped.feeds('call', 'mara');
    const startMs = bridge.nowMs;
    const silentPackets = 30;
    const send = async (n: number, packet: Uint8Array, level: number) => {
      bridge.nowMs = startMs + 20 * (n + 1) + 37;
      await sender.send(n, packet, n, [
        [hostAudioLevelId, Uint8Array.of(level)],
        [hostAbsCaptureTimeId, absCaptureTime(startMs + 20 * n)],
      ]);
      await bridge.reaches('rtp_packets_total', n + 1);
    };
    for (const [n, packet] of speech.entries()) await send(n, packet, 0x80 | 30);
    for (let n = speech.length; n < speech.length + silentPackets; n++) await send(n, speech[0]!, 127);
    bridge.nowMs += 70;
    const { streamId } = tapped.joined('mara')[0]!;
    const samples = () => analyzer.framesOf(streamId).reduce((sum, each) => sum + each.sampleCount, 0);
    const total = (speech.length + silentPackets) * packetSamples;
    await analyzer.until(() => samples() >= total);

    const frames = analyzer.framesOf(streamId);
    expect(samples()).toBe(total);
    let expectedMs = startMs;
    for (const { captureMs, sampleCount, concealedSamples, discontinuity } of frames) {
      expect(Math.abs(captureMs - expectedMs)).toBeLessThan(1);
      expect({ concealedSamples, discontinuity }).toEqual({ concealedSamples: 0, discontinuity: false });
      expectedMs += sampleCount / 16;
    }
    expect(await bridge.metric('rtp_timed_total{source="abs-capture-time"}')).toBe(
      speech.length + silentPackets,
    );
    // The hang-over of the gate lets some silent packets through.
    const gated = await bridge.metric('opus_gated_total');
    expect(gated).toBeGreaterThan(10);
    expect((await bridge.metric('opus_decoded_total')) + gated).toBe(speech.length + silentPackets);

    const decoder = await libopusWasm.create();
    const out = new Int16Array(1_920);
    const line = frames.flatMap(({ samples: each, sampleCount }) => [
      ...(each ?? new Int16Array(sampleCount)),
    ]);
    for (const [n, packet] of speech.entries()) {
      decoder.decode(packet, out);
      expect(line.slice(n * packetSamples, (n + 1) * packetSamples)).toEqual([
        ...out.subarray(0, packetSamples),
      ]);
    }
    decoder.close();
    expect(await host.events()).toEqual(['connected', 'analysed call/mara']);
  });

  it('is announced with name and role, and followed through changes, mute, another producer and leaving', async () => {
    const { analyzer, bridge } = await start();
    await host.addCall('call');
    const first = await tapped.sender(await host.addSpeaker('call', { id: 'mara', ...customer }));
    await tapped.feeds('call', 'mara');
    await tapped.speakUntilHeard(first, 0);
    expect(tapped.told('mara')[0]).toMatchObject({ ...customer, callId: 'call', muted: false });

    await host.setSpeaker('call', 'mara', { name: 'Mara Lind' });
    await analyzer.until(() => tapped.told('mara').at(-1)!.name === 'Mara Lind');
    await host.setSpeaker('call', 'mara', { muted: true });
    await analyzer.until(() => tapped.told('mara').at(-1)!.muted);
    await host.setSpeaker('call', 'mara', { muted: false });
    await analyzer.until(() => !tapped.told('mara').at(-1)!.muted);
    await host.pauseProducer('call', 'mara', true);
    await analyzer.until(() => tapped.told('mara').at(-1)!.muted);
    await host.pauseProducer('call', 'mara', false);
    await analyzer.until(() => !tapped.told('mara').at(-1)!.muted);
    await tapped.speakUntilHeard(first, 50);

    const second = await tapped.sender(await host.replaceProducer('call', 'mara'));
    await tapped.feeds('call', 'mara');
    await tapped.speakUntilHeard(second, 0);
    expect(await host.pipes()).toEqual({ count: 1, consumers: 1 });
    await host.closeProducer('call', 'mara');
    await host.until(host.pipes, ({ consumers }) => consumers === 0);
    while ((await bridge.metric('tapped_speakers')) > 0) await new Promise(setImmediate);

    // An agent is not analysed by default: nothing more is sent, though there is a voice again.
    await host.setSpeaker('call', 'mara', { role: 'agent' });
    await host.until(
      () => host.speaker('call', 'mara'),
      ({ decision }) => decision?.analysed === false,
    );
    await host.replaceProducer('call', 'mara');
    await host.setSpeaker('call', 'mara', { name: 'Agent Lind' });
    await analyzer.until(() => tapped.told('mara').at(-1)!.name === 'Agent Lind');
    expect(await host.pipes()).toEqual({ count: 1, consumers: 0 });
    await host.removeSpeaker('call', 'mara');
    await analyzer.until(() => tapped.left('mara'));
    expect(tapped.joined('mara')).toHaveLength(1);
    expect(await host.pipes()).toEqual({ count: 0, consumers: 0 });
    expect(await bridge.metric('calls')).toBe(0);
  });

  it('sends nothing without consent, and nothing from the moment it is withdrawn', async () => {
    const { analyzer, bridge } = await start();
    await host.addCall('call');
    const sender = await tapped.sender(
      await host.addSpeaker('call', { id: 'mara', ...customer, consent: 'unknown' }),
    );
    await host.until(
      () => host.speaker('call', 'mara'),
      ({ decision }) => decision !== null,
    );
    for (let n = 0; n < 10; n++) await sender.send(n, speech[n]!);
    expect(await host.pipes()).toEqual({ count: 0, consumers: 0 });

    await host.setSpeaker('call', 'mara', { consent: 'granted' });
    await tapped.feeds('call', 'mara');
    const next = await tapped.speakUntilHeard(sender, 10);
    // Even if the bridge can't be told, and nobody has noticed that.
    tapped.proxy.stall();
    await host.setSpeaker('call', 'mara', { consent: 'withdrawn' });
    expect(await host.pipes()).toEqual({ count: 1, consumers: 0 });
    const heard = await bridge.metric('rtp_packets_total');
    for (let n = next; n < next + 10; n++) await sender.send(n, speech[n % speech.length]!);
    tapped.proxy.cut();
    await host.until(host.pipes, ({ count }) => count === 0);
    await bridge.reaches('orphan_speakers', 1);
    expect(await bridge.metric('rtp_packets_total')).toBe(heard);

    // It holds afterwards, for the same speaker, and so does a new consent.
    tapped.proxy.heal();
    await analyzer.until(() => tapped.told('mara').at(-1)!.consent === 'withdrawn');
    expect(tapped.told('mara').at(-1)!.decision.analysed).toBe(false);
    expect(await bridge.metric('tapped_speakers')).toBe(0);
    expect(await host.pipes()).toEqual({ count: 0, consumers: 0 });
    await host.setSpeaker('call', 'mara', { consent: 'granted' });
    await tapped.feeds('call', 'mara');
    await tapped.speakUntilHeard(sender, next + 10);
    expect(tapped.joined('mara')).toHaveLength(1);
    expect(tapped.left('mara')).toBe(false);
  });

  it('has withdrawn even if it left while the bridge could not be told', async () => {
    const { analyzer, bridge } = await start();
    await host.addCall('call');
    await host.addSpeaker('call', { id: 'mara', ...customer });
    await host.addSpeaker('call', { id: 'kim', ...customer });
    await tapped.feeds('call', 'mara', 2);
    tapped.proxy.cut();
    await host.setSpeaker('call', 'mara', { consent: 'withdrawn' });
    await host.removeSpeaker('call', 'mara');
    await host.addSpeaker('call', { id: 'mara', ...customer, name: 'Another Mara', voice: false });
    tapped.proxy.heal();
    await analyzer.until(() => tapped.joined('mara').length === 2);
    const told = tapped.told('mara').map(({ name, consent }) => `${name} ${consent}`);
    expect(told).toEqual(['Mara granted', 'Mara withdrawn', 'Another Mara granted']);
    expect(await bridge.metric('orphan_speakers')).toBe(0);
  });

  it('may have an id again, but not twice at once', async () => {
    const { analyzer } = await start();
    await host.addCall('call');
    await host.addSpeaker('call', { id: 'mara', ...customer });
    await tapped.feeds('call', 'mara');
    await expect(host.addSpeaker('call', { id: 'mara', ...customer, voice: false })).rejects.toThrow(
      /has a speaker mara; remove/,
    );
    await host.removeSpeaker('call', 'mara');
    await host.addSpeaker('call', { id: 'mara', ...customer });
    await analyzer.until(() => tapped.joined('mara').length === 2);
    await tapped.feeds('call', 'mara');
    expect(tapped.left('mara')).toBe(true);
    await host.closeCall('call');
    await analyzer.until(() => analyzer.messages.filter(({ type }) => type === 'speaker-left').length === 2);
    expect(await host.calls()).toEqual([]);
  });
});
