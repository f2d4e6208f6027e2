import type { EmotionPoint } from '@undertone/wire';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DemoCall } from '../../tools/demo-call/demo-call.ts';
import { longestGap } from './longest-gap.ts';
import { playSteadyCall } from './steady-call.ts';
import { TimelineWatch } from './timeline-watch.ts';
import { type AppName, UndertoneProcesses } from './undertone-processes.ts';

/** A point covers this much audio. */
const windowMs = 200;
/** Points of a voice that talks come every 200 ms, of one that pauses every 600 ms. */
const rhythmMs = 650;
/** Long enough for a part to be started again on a busy machine. */
const ringSeconds = 25;

interface BridgeDetails {
  mediaWorkers: { pids: number[] };
}

const isSpeech = ({ state }: EmotionPoint) => state === 'speech';

describe('a call goes on when something dies', () => {
  let undertone: UndertoneProcesses;
  let call: DemoCall;
  let watch: TimelineWatch;

  beforeAll(async () => {
    undertone = await UndertoneProcesses.start({ RING_SECONDS: `${ringSeconds}` });
    call = await playSteadyCall(undertone.urls['sfu-bridge'], 'steady');
    watch = new TimelineWatch(undertone.urls.dashboard, 'steady');
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
  const lastMs = (name: string) => watch.points(name).at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;

  /** Three seconds of speech, so that a judgement stands. */
  async function talking(): Promise<void> {
    const fromMs = lastMs('Mara');
    await watch.until('Mara talks', () => mara().filter((p) => p.atMs > fromMs && isSpeech(p)).length >= 15);
  }

  /** The timelines have gone on for five seconds after `ms`. */
  async function goesOnAfter(ms: number): Promise<void> {
    await watch.until(
      'both timelines go on',
      () => mara().filter((p) => p.atMs > ms && isSpeech(p)).length >= 25 && lastMs('Kim') > ms + 5_000,
      90_000,
    );
  }

  function expectNothingWrong(): void {
    for (const name of ['Mara', 'Kim']) {
      const times = watch.points(name).map(({ atMs }) => atMs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(watch.find(name)!.leftAtMs).toBeNull();
    }
    expect(watch.repeatedPoints).toBe(0);
    // Kim never spoke: an expression here would be Mara's.
    expect(watch.points('Kim').filter(({ probabilities }) => probabilities !== null)).toEqual([]);
  }

  const comesBack = async (app: AppName, pid: number) => {
    for (;;) {
      const health = await undertone.health(app);
      if (health && undertone.pid(app) !== pid) return;
    }
  };

  it('without a hole and without warming up again when the analyzer is killed', async () => {
    await talking();
    const before = undertone.pid('analyzer');
    const killedMs = undertone.signal('analyzer', 'SIGKILL');
    await goesOnAfter(killedMs);
    expect(undertone.pid('analyzer')).not.toBe(before);
    expect(watch.analysisLinks.slice(-3)).toEqual([true, false, true]);
    expectNothingWrong();
    const around = mara().filter(({ atMs }) => atMs > killedMs - 3_000);
    expect(longestGap(around).ms).toBeLessThan(rhythmMs);
    // The voice was heard again from the ring: the judgement stands, at no time with less speech than before.
    expect(around.filter(({ state }) => state === 'warming-up')).toEqual([]);
    expect(await undertone.metric('sfu-bridge', 'undertone_bridge_frames_dropped_total')).toBe(0);
  }, 180_000);

  it('without a hole when the dashboard is killed', async () => {
    await talking();
    const before = undertone.pid('dashboard');
    const killedMs = undertone.signal('dashboard', 'SIGKILL');
    await comesBack('dashboard', before);
    await goesOnAfter(killedMs);
    expectNothingWrong();
    expect(longestGap(mara().filter(({ atMs }) => atMs > killedMs - 3_000)).ms).toBeLessThan(rhythmMs);
  }, 180_000);

  it('with one gap, marked, when a mediasoup worker is killed, and its successors of a second', async () => {
    await talking();
    // One death alone may be over within half a window, which is too little made-up audio to be marked.
    const killedMs = Date.now();
    const killed = new Set<number>();
    while (Date.now() < killedMs + 1_000) {
      const health = await undertone.health<BridgeDetails>('sfu-bridge');
      for (const pid of health!.details.mediaWorkers.pids) {
        if (!killed.has(pid)) process.kill(pid, 'SIGKILL');
        killed.add(pid);
      }
    }
    await goesOnAfter(killedMs + 1_000);
    expectNothingWrong();
    expectMarkedGap(killedMs);
  }, 180_000);

  it('with one gap, marked, when the bridge is killed', async () => {
    await talking();
    const before = undertone.pid('sfu-bridge');
    const killedMs = undertone.signal('sfu-bridge', 'SIGKILL');
    await comesBack('sfu-bridge', before);
    await goesOnAfter(killedMs);
    expectNothingWrong();
    expectMarkedGap(killedMs);
  }, 180_000);

  /** One hole, and the point where speech goes on says that what came before it is lost. */
  function expectMarkedGap(killedMs: number): void {
    const around = mara().filter(({ atMs }) => atMs > killedMs - 3_000);
    const { ms, after } = longestGap(around);
    expect(ms).toBeGreaterThan(windowMs);
    expect(around[after].state).toBe('concealed');
    expect(around.filter(({ state }) => state === 'concealed')).toHaveLength(1);
    expect(longestGap(around.slice(0, after)).ms).toBeLessThan(rhythmMs);
    expect(longestGap(around.slice(after)).ms).toBeLessThan(rhythmMs);
    // What was heard before counts: the voice is not a new one.
    expect(around.filter(({ state }) => state === 'warming-up')).toEqual([]);
  }

  it('tells everything it has heard before it stops when the bridge is told to', async () => {
    await talking();
    const toldMs = undertone.signal('sfu-bridge', 'SIGTERM');
    await watch.until('both leave', () =>
      ['Mara', 'Kim'].every((name) => watch.find(name)!.leftAtMs !== null),
    );
    // A window that is not full, the frame being filled and the packets under way are all that is missing.
    expect(lastMs('Mara')).toBeGreaterThan(toldMs - 2 * windowMs);
    await watch.until('both come back', () => lastMs('Mara') > toldMs + 2_000, 90_000);
  }, 180_000);
});

describe('a call goes on when the analyzer stalls', () => {
  let undertone: UndertoneProcesses;
  let call: DemoCall;
  let watch: TimelineWatch;

  beforeAll(async () => {
    undertone = await UndertoneProcesses.start({ RING_SECONDS: '2' });
    call = await playSteadyCall(undertone.urls['sfu-bridge'], 'stalled');
    watch = new TimelineWatch(undertone.urls.dashboard, 'stalled');
  }, 120_000);

  afterAll(async () => {
    await call?.stop();
    watch?.close();
    await undertone?.close();
  });

  it('dropping the oldest audio, counting it and saying so, and keeps no more than the rings hold', async () => {
    const points = () => watch.points('Mara');
    await watch.until('Mara talks', () => points().filter(isSpeech).length >= 15);
    const stalledMs = undertone.signal('analyzer', 'SIGSTOP');
    const framesOf = (metric: string) => undertone.metric('sfu-bridge', `undertone_bridge_${metric}`);
    let most = 0;
    try {
      while (((await framesOf('frames_dropped_total')) ?? 0) < 100)
        most = Math.max(most, (await framesOf('queued_frames')) ?? 0);
      await watch.until('the dashboard says that analysis is interrupted', () => !watch.analysisLinks.at(-1));
      const health = await undertone.health<{ analyzerConnected: boolean }>('sfu-bridge');
      expect(health).toMatchObject({ status: 'degraded', details: { analyzerConnected: false } });
    } finally {
      undertone.signal('analyzer', 'SIGCONT');
    }
    // Two speakers, two seconds each, in frames of 40 ms.
    expect(most).toBeLessThanOrEqual(2 * 50);
    const resumedMs = Date.now();
    await watch.until(
      'Mara goes on',
      () => points().filter((p) => p.atMs > resumedMs && isSpeech(p)).length >= 15,
    );
    const times = points().map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(watch.repeatedPoints).toBe(0);
    expect(watch.points('Kim').filter(({ probabilities }) => probabilities !== null)).toEqual([]);
    const around = points().filter(({ atMs }) => atMs > stalledMs - 3_000);
    const { ms, after } = longestGap(around);
    expect(ms).toBeGreaterThan(windowMs);
    expect(around[after].state).toBe('concealed');
    expect(await undertone.metric('analyzer', 'undertone_analyzer_frames_missing_total')).toBeGreaterThan(0);
  }, 180_000);
});
