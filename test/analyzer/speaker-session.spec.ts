import type { EmotionPoint, PcmFrame } from '@undertone/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batcher } from '../../apps/analyzer/src/batch/batcher.ts';
import { SessionCounts } from '../../apps/analyzer/src/session/session-counts.ts';
import { SpeakerSession } from '../../apps/analyzer/src/session/speaker-session.ts';
import { ScriptedEngine, scriptedModel } from './scripted-model.ts';
import { epochMs, FrameScript, sentence } from './spoken-frames.ts';

const unobserved = { round: () => {}, failed: () => {}, tick: () => {} };

/** Sessions that share one batcher, driven by hand. */
class Desk {
  readonly counts = new SessionCounts();
  readonly engine = new ScriptedEngine();
  readonly batcher = new Batcher(this.engine, scriptedModel, unobserved, () => 0);

  open(): SpeakerSession {
    const session = new SpeakerSession(scriptedModel, this.counts);
    this.batcher.add(session.track);
    return session;
  }

  /** Receives the frames, with a tick after every `framesPerTick`, and returns the points. */
  async hear(session: SpeakerSession, frames: PcmFrame[], framesPerTick = 2): Promise<EmotionPoint[]> {
    const points: EmotionPoint[] = [];
    for (const [i, frame] of frames.entries()) {
      session.receive(frame);
      if (i % framesPerTick === framesPerTick - 1) await this.batcher.tick();
      points.push(...(session.takePoints() ?? []));
    }
    while (session.waitingSteps > 0) await this.batcher.tick();
    return [...points, ...(session.takePoints() ?? [])];
  }
}

const monologue = (script: FrameScript) => [
  ...script.speak(sentence('08a02Wc')),
  ...script.silence(1_500),
  ...script.speak(sentence('11b09Fd')),
];

describe('SpeakerSession', () => {
  it('makes a point for every 200 ms of speech, at the capture time of its last sample', async () => {
    const desk = new Desk();
    const points = await desk.hear(desk.open(), new FrameScript(1).speak(sentence('11b09Fd')));
    expect(points.map((point) => point.atMs - epochMs)).toEqual(
      Array.from({ length: 15 }, (_, i) => 200 * (i + 1)),
    );
    expect(points.map((point) => point.state)).toEqual([
      ...Array(points.filter((point) => point.state === 'warming-up').length).fill('warming-up'),
      ...Array(points.filter((point) => point.state === 'speech').length).fill('speech'),
    ]);
    expect(points.at(-1)?.state).toBe('speech');
    for (const { probabilities } of points) {
      expect(probabilities?.reduce((a, b) => a + b)).toBeCloseTo(1, 2);
    }
  });

  it('gives the same points however the audio was cut and whenever the model was run', async () => {
    const samples = sentence('08a02Wc');
    const spoken = (sizes: number[]) => {
      const script = new FrameScript(1);
      return [...script.speak(samples, sizes), ...script.silence(700), ...script.speak(samples, sizes)];
    };
    const reference = new Desk();
    const expected = await reference.hear(reference.open(), spoken([320]));
    expect(expected.length).toBeGreaterThan(18);
    const sizes = fc.array(fc.integer({ min: 40, max: 1_920 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 9 }), async (cut, framesPerTick) => {
        const desk = new Desk();
        expect(await desk.hear(desk.open(), spoken(cut), framesPerTick)).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it('never mixes speakers, however they share batches', async () => {
    const alone = [];
    for (const name of ['08a02Wc', '11a02Nc', '11b09Fd'] as const) {
      const desk = new Desk();
      alone.push(await desk.hear(desk.open(), new FrameScript(1).speak(sentence(name))));
    }
    const desk = new Desk();
    const scripts = (['08a02Wc', '11a02Nc', '11b09Fd'] as const).map((name, i) => ({
      frames: new FrameScript(i).speak(sentence(name)),
      session: null as SpeakerSession | null,
      points: [] as EmotionPoint[],
    }));
    for (let beat = 0; beat < 200; beat++) {
      for (const [i, each] of scripts.entries()) {
        // They join and pause at different times, so that rows of the batch change hands.
        if (beat >= 5 * i && !each.session) each.session = desk.open();
        if (each.session && (beat + i) % (i + 2) > 0) {
          for (const frame of each.frames.splice(0, 2)) each.session.receive(frame);
        }
      }
      await desk.batcher.tick();
      for (const { session, points } of scripts) points.push(...(session?.takePoints() ?? []));
    }
    expect(scripts.map(({ points }) => points)).toEqual(alone);
    expect(Math.max(...desk.engine.batches)).toBe(3);
  });

  it('runs no model in silence and gives it no expression', async () => {
    const desk = new Desk();
    const script = new FrameScript(1);
    const session = desk.open();
    await desk.hear(session, script.speak(sentence('11a02Nc')));
    await desk.hear(session, script.silence(600));
    const calls = desk.engine.batches.length;
    const points = await desk.hear(session, script.silence(6_000));
    expect(desk.engine.batches).toHaveLength(calls);
    expect(points).toHaveLength(10);
    for (const point of points) {
      expect(point).toMatchObject({ state: 'silence', probabilities: null, confidence: 0 });
    }
  });

  it('keeps the state of the model through silence', async () => {
    const desk = new Desk();
    const session = desk.open();
    const script = new FrameScript(1);
    await desk.hear(session, script.speak(sentence('11a02Nc')));
    await desk.hear(session, script.silence(1_000));
    const state = session.track.state.slice();
    expect(state.some((value) => value !== 0)).toBe(true);
    await desk.hear(session, script.silence(3_000));
    expect(session.track.state).toEqual(state);
  });

  it('marks concealed audio and lowers the confidence after it', async () => {
    const desk = new Desk();
    const clean = await desk.hear(desk.open(), monologue(new FrameScript(1)));
    const lossy = await desk.hear(
      desk.open(),
      monologue(new FrameScript(2)).map((frame, i) =>
        i >= 40 && i < 60 && frame.samples ? { ...frame, concealedSamples: 300 } : frame,
      ),
    );
    expect(lossy.map((point) => point.atMs)).toEqual(clean.map((point) => point.atMs));
    const concealed = lossy.filter((point) => point.state === 'concealed');
    expect(concealed.map((point) => point.atMs - epochMs)).toEqual([1_000, 1_200]);
    const before = lossy.findIndex((point) => point.state === 'concealed') - 1;
    expect(lossy.slice(0, before + 1)).toEqual(clean.slice(0, before + 1));
    expect(lossy[before + 3].confidence).toBeLessThan(clean[before + 3].confidence);
    expect(desk.counts.concealedSamples).toBe(20 * 300);
  });

  it('counts audio that never came like concealed audio, and goes on at the right time', async () => {
    const desk = new Desk();
    const session = desk.open();
    const script = new FrameScript(1);
    const first = await desk.hear(session, script.speak(sentence('08a02Wc').subarray(0, 16_000)));
    script.lose(1_000);
    const second = await desk.hear(session, script.speak(sentence('08a02Wc').subarray(0, 3_200)));
    expect(first.at(-1)?.atMs).toBe(epochMs + 1_000);
    expect(second.map((point) => [point.atMs, point.state])).toEqual([[epochMs + 2_200, 'concealed']]);
    expect(desk.counts.missingFrames).toBe(50);
  });

  it('ignores frames that come late or twice, also where the sequence wraps', async () => {
    const frames = new FrameScript(1)
      .speak(sentence('11a02Nc'))
      .map((frame, i) => ({ ...frame, sequence: (0xffff_fff0 + i) >>> 0 }));
    const desk = new Desk();
    const expected = await desk.hear(desk.open(), frames);
    const session = desk.open();
    const repeated = frames.flatMap((frame, i) => (i > 3 ? [frame, frames[i - 3], frame] : [frame]));
    expect(await desk.hear(session, repeated, 6)).toEqual(expected);
    expect(desk.counts.staleFrames).toBe(2 * (frames.length - 4));
    expect(desk.counts.missingFrames).toBe(0);
  });

  it('never lets the timeline go back when the capture clock is corrected', async () => {
    const desk = new Desk();
    const frames = new FrameScript(1)
      .speak(sentence('11b09Fd'))
      .map((frame, i) => (i < 80 ? frame : { ...frame, captureMs: frame.captureMs - 450 }));
    const times = (await desk.hear(desk.open(), frames)).map((point) => point.atMs);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(desk.counts.pointsOutOfOrder).toBe(2);
  });

  it('lets the oldest steps give way when the model falls behind, counts them, and still makes points', async () => {
    const desk = new Desk();
    const session = desk.open();
    const samples = sentence('11b09Fd');
    const script = new FrameScript(1);
    for (let i = 0; i < 3; i++) for (const frame of script.speak(samples)) session.receive(frame);
    expect(session.congested).toBe(true);
    expect(session.waitingSteps).toBe(128);
    expect(desk.counts.droppedSteps).toBeGreaterThan(50);
    while (session.waitingSteps > 0) await desk.batcher.tick();
    expect(session.relieved).toBe(true);
    const points = session.takePoints();
    expect(points?.map((point) => point.atMs - epochMs)).toEqual(
      Array.from({ length: Math.floor((3 * samples.length) / 3_200) }, (_, i) => 200 * (i + 1)),
    );
    expect(session.settled).toBe(true);
  });
});

describe('Batcher', () => {
  it('judges everyone who waits in one call, and catches up in several', async () => {
    const desk = new Desk();
    const sessions = Array.from({ length: 40 }, () => desk.open());
    const frames = new FrameScript(1).speak(sentence('08a02Wc'));
    for (const frame of frames.slice(0, 20)) for (const session of sessions) session.receive(frame);
    const waiting = sessions[0].waitingSteps;
    expect(waiting).toBeGreaterThan(4);
    await desk.batcher.tick();
    expect(desk.engine.batches).toEqual(Array(Math.min(waiting, 8)).fill(40));
    expect(desk.batcher.backlog).toBe(40 * Math.max(0, waiting - 8));
  });

  it('bounds what one tick does, and says what is left', async () => {
    const desk = new Desk();
    const session = desk.open();
    for (const frame of new FrameScript(1).speak(sentence('11b09Fd'))) session.receive(frame);
    await desk.batcher.tick();
    expect(desk.engine.batches).toHaveLength(8);
    expect(desk.batcher.backlog).toBe(session.waitingSteps);
    expect(desk.batcher.backlog).toBeGreaterThan(0);
  });

  it('gives steps up when the engine fails, keeps the state, and goes on when it works again', async () => {
    const desk = new Desk();
    const session = desk.open();
    const frames = new FrameScript(1).speak(sentence('11b09Fd'));
    await desk.hear(session, frames.slice(0, 60));
    const state = session.track.state.slice();
    desk.engine.failing = true;
    const during = await desk.hear(session, frames.slice(60, 90));
    expect(session.track.state).toEqual(state);
    expect(during).toHaveLength(3);
    expect(desk.batcher.failuresInARow).toBe(desk.batcher.engineFailures);
    desk.engine.failing = false;
    await desk.hear(session, frames.slice(90));
    expect(desk.batcher.failuresInARow).toBe(0);
    expect(session.track.state).not.toEqual(state);
  });

  it('forgets a session that was removed', async () => {
    const desk = new Desk();
    const session = desk.open();
    for (const frame of new FrameScript(1).speak(sentence('11a02Nc'))) session.receive(frame);
    desk.batcher.remove(session.track);
    await desk.batcher.tick();
    expect(desk.engine.batches).toEqual([]);
    expect(desk.batcher.speakers).toBe(0);
  });

  it('does not run two ticks at once', async () => {
    const desk = new Desk();
    const session = desk.open();
    for (const frame of new FrameScript(1).speak(sentence('11a02Nc')).slice(0, 30)) session.receive(frame);
    const [first, second] = [desk.batcher.tick(), desk.batcher.tick()];
    expect(second).toBe(first);
    await first;
  });
});
