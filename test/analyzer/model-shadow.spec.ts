import { join } from 'node:path';
import type { EmotionPoint } from '@undertone/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadParts } from '../../apps/analyzer/src/analyzer-parts.ts';
import { ModelRelay } from '../../apps/analyzer/src/model/model-relay.ts';
import { ModelShadow } from '../../apps/analyzer/src/model/model-shadow.ts';
import { SessionCounts } from '../../apps/analyzer/src/session/session-counts.ts';
import { SpeakerSession } from '../../apps/analyzer/src/session/speaker-session.ts';
import { ModelFolders } from './model-folders.ts';
import { FrameScript, sentence } from './spoken-frames.ts';

const unobserved = { round: () => {}, failed: () => {}, tick: () => {} };
let folders: ModelFolders;

beforeAll(async () => {
  folders = await ModelFolders.write();
});
afterAll(() => folders.remove());

/** Three speakers, one of them after a long pause, heard by the shipped model and, if named, a candidate. */
async function heard(candidate: string | null, late: (tick: number) => boolean = () => false) {
  const serving = await loadParts({ modelFolder: undefined, engine: 'onnx', precision: 'float32' });
  const relay = new ModelRelay(
    serving,
    unobserved,
    () => 0,
    () => 0,
  );
  const shadow =
    candidate === null
      ? null
      : new ModelShadow(
          await loadParts({
            modelFolder: join(folders.root, candidate),
            engine: 'onnx',
            precision: 'float32',
          }),
          () => 0,
          0,
        );
  const speakers = (['08a02Wc', '11a02Nc', '11b09Fd'] as const).map((name, i) => {
    const session = new SpeakerSession(relay.model, new SessionCounts());
    relay.add(session);
    shadow?.add(session, relay.model);
    const script = new FrameScript(i);
    const frames = [
      ...script.speak(sentence(name)),
      ...script.silence(i * 1_500),
      ...script.speak(sentence('11b09Fd')),
      ...script.silence(6_000),
    ];
    return { session, frames, points: [] as EmotionPoint[] };
  });
  for (let tick = 0; tick < 240; tick++) {
    for (const { session, frames } of speakers)
      for (const frame of frames.splice(0, 2)) session.receive(frame);
    await relay.tick();
    for (const { session, points } of speakers) points.push(...(session.takePoints() ?? []));
    await shadow?.tick(late(tick));
  }
  await shadow?.close();
  await relay.close();
  return { points: speakers.map(({ points }) => points), shadow: shadow as ModelShadow };
}

describe('ModelShadow', () => {
  it('agrees wholly with the model that serves where it is the same', async () => {
    const { shadow, points } = await heard('same');
    const { comparison } = shadow;
    const speech = points.flat().filter((point) => point.state === 'speech').length;
    expect(speech).toBeGreaterThan(40);
    expect(comparison.points).toBe(speech);
    expect([
      comparison.agreement,
      comparison.probabilityDifference,
      comparison.divergence,
      comparison.valenceDifference,
      comparison.arousalDifference,
    ]).toEqual([1, 0, 0, 0, 0]);
  });

  it.each(['turned', 'small', 'elsewhere'])(
    '(%s) shows how another model differs, and changes no point',
    async (name) => {
      const alone = await heard(null);
      const { shadow, points } = await heard(name);
      expect(points).toEqual(alone.points);
      const { comparison } = shadow;
      expect(comparison.points).toBeGreaterThan(0);
      expect(comparison.agreement).toBeLessThan(1);
      expect(comparison.probabilityDifference).toBeGreaterThan(0.01);
      expect(comparison.divergence).toBeGreaterThan(0.01);
      expect(comparison.divergence).toBeLessThanOrEqual(1);
      expect(comparison.arousalDifference).toBeGreaterThan(0);
    },
  );

  it('lets go of its work when ticks run late, counts it, and changes no point', async () => {
    const alone = await heard(null);
    const { shadow, points } = await heard('turned', (tick) => tick % 3 === 0);
    expect(points).toEqual(alone.points);
    expect(shadow.skippedTicks).toBe(80);
    expect(shadow.comparison.droppedSteps).toBeGreaterThan(10);
    expect(shadow.steps).toBeGreaterThan(10);
  });
});
