import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FrameClock, systemTime } from '../../tools/demo-call/frame-clock.ts';
import { encodeSpeech, RtpSender, readSpeech } from '../bridge/speech-rtp.ts';
import { type Host, startHost } from '../tap/host.ts';
import { longestGap } from './longest-gap.ts';
import { TimelineWatch } from './timeline-watch.ts';
import { UndertoneProcesses } from './undertone-processes.ts';

const token = 'a-token-of-some-length';
const customer = { role: 'customer', consent: 'granted' } as const;

describe('a mediasoup application whose bridge is killed', () => {
  let undertone: UndertoneProcesses;
  let host: Host;
  let watch: TimelineWatch;

  beforeAll(async () => {
    undertone = await UndertoneProcesses.start({ TAP_TOKEN: token });
    host = await startHost();
    watch = new TimelineWatch(undertone.urls.dashboard, 'tapped');
  }, 120_000);

  afterAll(async () => {
    watch?.close();
    await host?.end();
    await undertone?.close();
  });

  it('is tapped again by itself, and its speakers go on where they were', async () => {
    const url = `${undertone.urls['sfu-bridge'].replace('http', 'ws')}/tap`;
    await host.start({ url, token, listen: { ip: '127.0.0.2' }, maxRetryMs: 1_000 });
    await host.addCall('tapped');
    const rtp = await host.addSpeaker('tapped', { id: 'mara', name: 'Mara', ...customer });
    await host.addSpeaker('tapped', { id: 'kim', name: 'Kim', ...customer });
    const speech = encodeSpeech(readSpeech('11a02Nc'));
    const sender = await RtpSender.open({
      rtp: { ...rtp!, clockRateHz: 48_000, audioLevelExtensionId: 0 },
    });
    const clock = new FrameClock(systemTime, (slot) => {
      void sender.send(slot, speech[slot % speech.length]!);
    });
    clock.start();
    try {
      const points = () => watch.points('Mara');
      const spokenAfter = (ms: number) => points().filter((p) => p.atMs > ms && p.state === 'speech').length;
      await watch.until('Mara talks', () => spokenAfter(0) >= 15);
      const killedMs = undertone.signal('sfu-bridge', 'SIGKILL');
      await watch.until('Mara talks again', () => spokenAfter(killedMs + 1_000) >= 15, 90_000);

      const around = points().filter(({ atMs }) => atMs > killedMs - 2_000);
      const { after } = longestGap(around);
      expect(around[after].state).toBe('concealed');
      expect(around.filter(({ state }) => state === 'concealed')).toHaveLength(1);
      expect(around.filter(({ state }) => state === 'warming-up')).toEqual([]);
      expect(watch.repeatedPoints).toBe(0);
      expect(watch.find('Mara')!.leftAtMs).toBeNull();
      expect(watch.points('Kim').filter(({ probabilities }) => probabilities !== null)).toEqual([]);
      const events = await host.events();
      expect(events.filter((event) => event === 'connected')).toHaveLength(2);
      expect(events.filter((event) => event.startsWith('problem'))).toEqual([]);
      expect(await host.pipes()).toEqual({ count: 1, consumers: 2 });
      const health = await undertone.health('sfu-bridge');
      expect(health).toMatchObject({ details: { hosts: 1, speakers: 2, tappedSpeakers: 2 } });
    } finally {
      clock.stop();
      sender.close();
    }
  }, 180_000);
});
