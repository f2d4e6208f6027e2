import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { workerOf } from '../../apps/sfu-bridge/src/link/worker-of.ts';
import { BridgeClient } from '../../tools/demo-call/bridge-client.ts';
import type { DemoCall } from '../../tools/demo-call/demo-call.ts';
import { longestGap } from './longest-gap.ts';
import { playSteadyCall } from './steady-call.ts';
import { TimelineWatch } from './timeline-watch.ts';
import { UndertoneProcesses } from './undertone-processes.ts';

const adminToken = 'a-token-of-some-length';
const rhythmMs = 650;

interface AnalyzerDetails {
  analysedSpeakers: number;
  workers: { running: number; configured: number };
  each: { worker: number; pid: number; analysedSpeakers?: number; model?: { precision: string } }[];
}

/** A call whose two speakers go to different workers. */
function dividedCall(): string {
  for (let n = 0; ; n++) {
    const callId = `divided-${n}`;
    if (workerOf({ callId, id: 'mara' }, 2) !== workerOf({ callId, id: 'kim' }, 2)) return callId;
  }
}

describe('an analyzer of two workers, and a bridge of two desks', () => {
  const callId = dividedCall();
  const marasWorker = workerOf({ callId, id: 'mara' }, 2);
  let undertone: UndertoneProcesses;
  let call: DemoCall;
  let watch: TimelineWatch;

  beforeAll(async () => {
    undertone = await UndertoneProcesses.start({
      ANALYZER_WORKERS: '2',
      BRIDGE_WORKERS: '2',
      ANALYZER_ADMIN_TOKEN: adminToken,
      RING_SECONDS: '25',
    });
    call = await playSteadyCall(undertone.urls['sfu-bridge'], callId);
    watch = new TimelineWatch(undertone.urls.dashboard, callId);
  }, 120_000);

  afterEach((context) => {
    if (context.task.result?.state === 'fail') console.error(undertone.lines.slice(-40).join('\n'));
  });

  afterAll(async () => {
    await call?.stop();
    watch?.close();
    await undertone?.close();
  });

  const mara = () => watch.points('Mara');
  const spokenAfter = (ms: number) => mara().filter((p) => p.atMs > ms && p.state === 'speech').length;
  const lastMs = (name: string) => watch.points(name).at(-1)?.atMs ?? 0;
  const talking = () => {
    const fromMs = lastMs('Mara');
    return watch.until('Mara talks', () => spokenAfter(fromMs) >= 15, 90_000);
  };

  /** Resolves with the analyzer's details once all of its workers answer and `holds`. */
  async function untilWorkers(holds: (details: AnalyzerDetails) => boolean): Promise<AnalyzerDetails> {
    for (;;) {
      const health = await undertone.health<AnalyzerDetails>('analyzer');
      if (health && health.details.workers.running === 2 && holds(health.details)) return health.details;
    }
  }

  const oneEach = ({ each }: AnalyzerDetails) => each.every(({ analysedSpeakers }) => analysedSpeakers === 1);

  function expectNothingWrong(fromMs: number): void {
    const around = mara().filter(({ atMs }) => atMs > fromMs);
    expect(around.filter(({ state }) => state === 'warming-up')).toEqual([]);
    expect(watch.repeatedPoints).toBe(0);
    expect(watch.points('Kim').filter(({ probabilities }) => probabilities !== null)).toEqual([]);
    for (const name of ['Mara', 'Kim']) expect(watch.find(name)!.leftAtMs).toBeNull();
  }

  it('spreads the speakers, and tells of both in health and metrics', async () => {
    await talking();
    const details = await untilWorkers(oneEach);
    expect(details.analysedSpeakers).toBe(2);
    expect(new Set(details.each.map(({ pid }) => pid)).size).toBe(2);
    const metrics = await (await fetch(`${undertone.urls.analyzer}/metrics`)).text();
    for (const worker of [0, 1])
      expect(metrics).toContain(`undertone_analyzer_analysed_speakers{worker="${worker}"} 1\n`);
    expect(metrics).toContain('undertone_analyzer_workers_ready{worker="all"} 2\n');
    expect(await undertone.metric('sfu-bridge', 'undertone_bridge_analyzer_workers_connected')).toBe(2);
  }, 120_000);

  it('leaves the speakers of others alone when a worker is killed, and rebuilds its own when it is back', async () => {
    await talking();
    const { each } = await untilWorkers(oneEach);
    const before = each[marasWorker];
    process.kill(before.pid, 'SIGKILL');
    const killedMs = Date.now();
    await watch.until('Mara goes on', () => spokenAfter(killedMs + 1_000) >= 15, 90_000);
    const after = await untilWorkers(oneEach);
    expect(after.each[marasWorker].pid).not.toBe(before.pid);
    expect(after.each[1 - marasWorker].pid).toBe(each[1 - marasWorker].pid);
    expectNothingWrong(killedMs - 3_000);
    for (const name of ['Mara', 'Kim']) {
      const around = watch.points(name).filter(({ atMs }) => atMs > killedMs - 3_000);
      expect(longestGap(around).ms).toBeLessThan(rhythmMs);
    }
    expect(await undertone.metric('analyzer', 'undertone_analyzer_worker_deaths_total')).toBe(1);
  }, 120_000);

  it('has a speaker at the same worker after a mute and after the bridge was killed', async () => {
    await talking();
    const fromMs = lastMs('Mara');
    const { each } = await untilWorkers(oneEach);
    const url = `${undertone.urls['sfu-bridge']}/calls/${callId}/speakers/mara`;
    const setMuted = async (muted: boolean) => {
      const headers = { 'content-type': 'application/json' };
      await fetch(url, { method: 'PATCH', headers, body: JSON.stringify({ muted }) });
      await watch.until(`muted: ${muted}`, () => watch.find('Mara')!.speaker.muted === muted);
    };
    await setMuted(true);
    await setMuted(false);
    await talking();
    await untilWorkers(oneEach);
    const killedMs = undertone.signal('sfu-bridge', 'SIGKILL');
    await watch.until('Mara goes on', () => spokenAfter(killedMs + 1_000) >= 15, 90_000);
    const after = await untilWorkers(oneEach);
    expect(after.each.map(({ pid }) => pid)).toEqual(each.map(({ pid }) => pid));
    expect(await new BridgeClient(undertone.urls['sfu-bridge']).hasSpeaker(callId, 'mara')).toBe(true);
    expectNothingWrong(fromMs);
  }, 180_000);

  it('changes the model of all workers, and of one that comes back later', async () => {
    await talking();
    const fromMs = lastMs('Mara');
    const answer = await fetch(`${undertone.urls.analyzer}/model`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ folder: 'pretrained', precision: 'int8' }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([200, { model: { precision: 'int8' } }]);
    const changed = ({ each }: AnalyzerDetails) => each.every(({ model }) => model?.precision === 'int8');
    const { each } = await untilWorkers(changed);
    process.kill(each[1 - marasWorker].pid, 'SIGKILL');
    await untilWorkers(
      (details) => changed(details) && details.each[1 - marasWorker].pid !== each[1 - marasWorker].pid,
    );
    await talking();
    expectNothingWrong(fromMs);

    const refused = await fetch(`${undertone.urls.analyzer}/model`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ folder: 'no-such-model' }),
    });
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'model-folder-refused' }]);
  }, 120_000);

  it('starts all workers again when the process that keeps them is killed', async () => {
    await talking();
    const { each } = await untilWorkers(oneEach);
    const killedMs = undertone.signal('analyzer', 'SIGKILL');
    await watch.until('Mara goes on', () => spokenAfter(killedMs + 1_000) >= 15, 90_000);
    const after = await untilWorkers(oneEach);
    const before = new Set(each.map(({ pid }) => pid));
    expect(after.each.filter(({ pid }) => before.has(pid))).toEqual([]);
    expectNothingWrong(killedMs - 3_000);
    const around = mara().filter(({ atMs }) => atMs > killedMs - 3_000);
    expect(longestGap(around).ms).toBeLessThan(rhythmMs);
  }, 120_000);

  it('lets a candidate listen along at all workers, and stops it at all', async () => {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
    const url = `${undertone.urls.analyzer}/model/shadow`;
    const body = JSON.stringify({ folder: 'pretrained', precision: 'float16' });
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
    const present = () => undertone.metric('analyzer', 'undertone_analyzer_shadow_present');
    expect(await present()).toBe(2);
    expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(204);
    expect(await present()).toBe(0);
  }, 60_000);
});
