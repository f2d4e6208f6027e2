import type { EmotionPoint } from '@undertone/wire';
import { describe, expect, it } from 'vitest';
import { ModelRelay } from '../../apps/analyzer/src/model/model-relay.ts';
import { SessionCounts } from '../../apps/analyzer/src/session/session-counts.ts';
import { SpeakerSession } from '../../apps/analyzer/src/session/speaker-session.ts';
import { ScriptedEngine, scriptedModel } from './scripted-model.ts';
import { epochMs, FrameScript, sentence } from './spoken-frames.ts';

const unobserved = { round: () => {}, failed: () => {}, tick: () => {} };

class Stage {
  readonly counts = new SessionCounts();
  readonly first = new ScriptedEngine();
  readonly second = new ScriptedEngine();
  readonly relay = new ModelRelay(
    { model: scriptedModel, engine: this.first },
    unobserved,
    () => 0,
    () => 0,
  );

  open(): SpeakerSession {
    const session = new SpeakerSession(scriptedModel, this.counts);
    this.relay.add(session);
    return session;
  }

  change(): Promise<void> {
    return this.relay.follow({ model: { ...scriptedModel }, engine: this.second });
  }
}

const times = (points: EmotionPoint[]) => points.map((point) => point.atMs - epochMs);

describe('ModelRelay', () => {
  it('hands everyone over between two steps and closes the old engine after its last batch', async () => {
    const stage = new Stage();
    const sessions = Array.from({ length: 5 }, () => stage.open());
    const points = sessions.map(() => [] as EmotionPoint[]);
    let changed: Promise<void> | null = null;
    const frames = new FrameScript(1).speak(sentence('11b09Fd'));
    for (const [i, frame] of frames.entries()) {
      for (const session of sessions) session.receive(frame);
      if (i === 77) changed = stage.change();
      if (i % 3 === 2) await stage.relay.tick();
      for (const [k, session] of sessions.entries()) points[k].push(...(session.takePoints() ?? []));
    }
    await changed;
    await stage.relay.tick();
    for (const [k, session] of sessions.entries()) points[k].push(...(session.takePoints() ?? []));
    for (const each of points)
      expect(times(each)).toEqual(Array.from({ length: 15 }, (_, i) => 200 * (i + 1)));
    expect(stage.first.closed).toBe(true);
    expect(stage.second.closed).toBe(false);
    expect(stage.counts.droppedSteps).toBe(0);
    expect(stage.relay.handOvers).toBe(1);
    expect(stage.second.batches.filter((speakers) => speakers === 1)).toHaveLength(5);
    expect(stage.relay.engineFailures).toBe(0);
  });

  it('waits no longer than two seconds for a speaker whose steps do not end, and loses no point of theirs', async () => {
    const stage = new Stage();
    const session = stage.open();
    const script = new FrameScript(1);
    const points: EmotionPoint[] = [];
    const speak = () => {
      for (const frame of script.speak(sentence('11b09Fd').subarray(0, 8_000))) session.receive(frame);
    };
    speak();
    speak();
    const changed = stage.change();
    while (stage.relay.handingOver > 0) {
      // More than a tick judges: the queue is never empty.
      speak();
      await stage.relay.tick();
      points.push(...(session.takePoints() ?? []));
    }
    await changed;
    expect(stage.counts.droppedSteps).toBeGreaterThan(0);
    while (session.waitingSteps > 0) await stage.relay.tick();
    points.push(...(session.takePoints() ?? []));
    expect(times(points)).toEqual(Array.from({ length: points.length }, (_, i) => 200 * (i + 1)));
    expect(points.length).toBeGreaterThan(100);
  });

  it('begins with nothing, and counts it, where the new engine can not hear the past again', async () => {
    const stage = new Stage();
    const session = stage.open();
    const frames = new FrameScript(1).speak(sentence('11b09Fd'));
    for (const frame of frames.slice(0, 60)) session.receive(frame);
    while (session.waitingSteps > 0) await stage.relay.tick();
    stage.second.failing = true;
    const changed = stage.change();
    await stage.relay.tick();
    await changed;
    expect(stage.relay.forgotten).toBe(1);
    expect(session.track.state).toEqual(scriptedModel.initialState());
    stage.second.failing = false;
    for (const frame of frames.slice(60)) session.receive(frame);
    while (session.waitingSteps > 0) await stage.relay.tick();
    expect(times(session.takePoints() ?? [])).toEqual(Array.from({ length: 15 }, (_, i) => 200 * (i + 1)));
  });

  it('forgets who leaves during the change, and ends a change that its closing meets', async () => {
    const stage = new Stage();
    const [gone, present] = [stage.open(), stage.open()];
    const [frame] = new FrameScript(1).speak(sentence('11b09Fd').subarray(0, 1_280), 1_280);
    gone.receive(frame);
    present.receive(frame);
    const changed = stage.change();
    expect(() => stage.change()).toThrow('already');
    stage.relay.remove(gone);
    expect(stage.relay.handingOver).toBe(1);
    await stage.relay.close();
    await changed;
    expect([stage.first.closed, stage.second.closed]).toEqual([true, true]);
  });
});
