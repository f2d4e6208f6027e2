import { EventEmitter, once } from 'node:events';
import { setImmediate as settle } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BridgeClient } from './bridge-client.ts';
import type { CallScript } from './call-script.ts';
import { DemoCall } from './demo-call.ts';
import { FakeBridge } from './fake-bridge.ts';
import { ManualTime } from './manual-time.ts';
import { mixCall } from './speaker-track.ts';

const turn = (speaker: string) =>
  ({ speaker, clip: 'x.flac', pauseMs: 200, expression: 'neutral', sentence: '' }) as const;
const script: CallScript = {
  title: 'A call',
  speakers: [
    { id: 'mara', name: 'Mara', role: 'customer' },
    { id: 'jonas', name: 'Jonas', role: 'agent' },
  ],
  closingPauseMs: 200,
  phases: [{ phase: 'start', turns: [turn('mara'), turn('jonas')] }],
};
const tone = Int16Array.from({ length: 8_000 }, (_, i) => 8_000 * Math.sin((2 * Math.PI * 220 * i) / 16_000));
const mix = mixCall(script, [tone, tone]);

describe('DemoCall', () => {
  let bridge: FakeBridge;
  let time: ManualTime;
  let call: DemoCall;
  const lines = new EventEmitter<{ said: [string] }>();

  function makeCall(loop = true): DemoCall {
    const say = (line: string) => lines.emit('said', line);
    const client = new BridgeClient(bridge.url);
    return new DemoCall({ bridge: client, callId: 'demo', script, mix, loop, time, say });
  }

  async function nextLine(): Promise<string> {
    const [line] = (await once(lines, 'said')) as [string];
    await settle(); // the call has set its next timer
    return line;
  }

  async function play(): Promise<void> {
    const line = nextLine();
    call.start();
    expect(await line).toBe('the demo call "demo" is playing');
  }

  beforeEach(async () => {
    bridge = await FakeBridge.listen();
    time = new ManualTime();
    call = makeCall();
  });

  afterEach(async () => {
    await call.stop();
    await bridge.close();
  });

  it('joins both speakers with their consent granted explicitly', async () => {
    await play();
    const joined = [...bridge.speakers.values()].map(({ speaker }) => speaker);
    expect(joined.map(({ name, role, consent }) => [name, role, consent])).toEqual([
      ['Mara', 'customer', 'granted'],
      ['Jonas', 'agent', 'granted'],
    ]);
  });

  it('sends each voice on its own SSRC, with a sender report after the first packet', async () => {
    await play();
    const packets: Buffer[] = [];
    const complete = new Promise<void>((resolve) => {
      bridge.events.on('packet', (packet) => {
        packets.push(packet);
        const kinds = new Set(
          packets.map((p) => (p[1] === 200 ? `report ${p.readUInt32BE(4)}` : p.readUInt32BE(8))),
        );
        if (kinds.size === 4) resolve();
      });
    });
    for (let i = 0; i < 80; i++) time.advance(20);
    await complete;
    const firstReport = packets.find((packet) => packet[1] === 200)!;
    expect(firstReport.readUInt32BE(20)).toBe(1);
  });

  it('rejoins when the bridge has forgotten a speaker', async () => {
    await play();
    bridge.speakers.delete('mara');
    const line = nextLine();
    time.advance(2_000);
    await line;
    expect([...bridge.speakers.keys()].toSorted()).toEqual(['jonas', 'mara']);
  });

  it('says that the bridge is gone, waits, and goes on when it is back', async () => {
    await play();
    const { port, url } = bridge;
    await bridge.close();
    const trouble = nextLine();
    time.advance(2_000);
    expect(await trouble).toBe(`no bridge answers at ${url}: is it running?; trying again`);
    bridge = await FakeBridge.listen(port);
    const back = nextLine();
    time.advance(2_000);
    expect(await back).toBe('the demo call "demo" is playing');
    expect(bridge.speakers.size).toBe(2);
  });

  it('takes the place of a speaker that a killed player left behind', async () => {
    const stale = { id: 'mara', name: 'Mara', role: 'customer', consent: 'denied' } as const;
    await new BridgeClient(bridge.url).addSpeaker('demo', stale);
    await play();
    expect(bridge.speakers.get('mara')?.speaker.consent).toBe('granted');
  });

  it('ends after one play when it does not loop, and takes its speakers out', async () => {
    call = makeCall(false);
    await play();
    for (let i = 0; i < 120; i++) time.advance(20);
    await call.finished;
    expect(bridge.speakers.size).toBe(0);
  });

  it('takes its speakers out when it is stopped, however often', async () => {
    await play();
    await Promise.all([call.stop(), call.stop()]);
    expect(bridge.speakers.size).toBe(0);
  });
});
