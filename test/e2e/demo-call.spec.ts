import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BridgeClient } from '../../tools/demo-call/bridge-client.ts';
import { readCallScript } from '../../tools/demo-call/call-script.ts';
import { DemoCall } from '../../tools/demo-call/demo-call.ts';
import { systemTime } from '../../tools/demo-call/frame-clock.ts';
import { renderCall } from '../../tools/demo-call/speaker-track.ts';
import { TimelineWatch } from './timeline-watch.ts';
import { Undertone } from './undertone.ts';

const folder = fileURLToPath(new URL('../fixtures/demo-call', import.meta.url));

describe('the demo call', () => {
  let undertone: Undertone;
  let watch: TimelineWatch;
  let demoCall: DemoCall;

  beforeAll(async () => {
    undertone = await Undertone.start({ profile: 'demo' });
    watch = new TimelineWatch(undertone.dashboardUrl, 'demo');
    const script = await readCallScript(folder);
    demoCall = new DemoCall({
      bridge: new BridgeClient(undertone.bridgeUrl),
      callId: 'demo',
      script,
      mix: await renderCall(script, folder),
      loop: true,
      time: systemTime,
      say: () => {},
    });
  }, 120_000);

  afterAll(async () => {
    await demoCall.stop();
    watch.close();
    await undertone.close();
  });

  it('gives points of both speakers in its first minute, each while they speak, and ends when its player stops', async () => {
    demoCall.start();
    const spoken = (name: string) => watch.points(name).filter(({ state }) => state === 'speech');
    await watch.until(
      'speech of both speakers',
      () => spoken('Mara').length >= 5 && spoken('Jonas').length >= 5,
      60_000,
    );
    for (const name of ['Mara', 'Jonas']) {
      expect(watch.find(name)!.speaker.decision.analysed).toBe(true);
      expect(spoken(name).every(({ probabilities }) => probabilities !== null)).toBe(true);
    }
    // They take turns: Jonas begins, and both are silent while the other speaks.
    expect(spoken('Jonas')[0].atMs).toBeLessThan(spoken('Mara')[0].atMs);
    expect(watch.points('Mara').some(({ state }) => state === 'silence')).toBe(true);

    await demoCall.stop();
    await watch.until('both leave', () =>
      ['Mara', 'Jonas'].every((name) => watch.find(name)?.leftAtMs !== null),
    );
  }, 90_000);
});
