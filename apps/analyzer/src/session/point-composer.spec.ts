import { emotionPointSchema } from '@undertone/wire';
import { describe, expect, it } from 'vitest';
import type { AudioWindow } from './audio-window.ts';
import { PointComposer } from './point-composer.ts';

const stepMs = 40;
const windowMs = 200;
/** Outputs of the model: `share` for label 4, the rest evenly; then valence and arousal. */
const outputs = (share: number, valence = 0, arousal = 0) =>
  Float32Array.from([
    ...Array.from({ length: 8 }, (_, k) => (k === 4 ? share : (1 - share) / 7)),
    valence,
    arousal,
  ]);

class Voice {
  readonly composer = new PointComposer(stepMs, windowMs);
  #atMs = 0;

  window(change: Partial<AudioWindow> = {}) {
    this.#atMs += windowMs;
    return this.composer.compose({
      atMs: this.#atMs,
      afterSteps: 0,
      speechSteps: 5,
      concealedShare: 0,
      ...change,
    });
  }

  speak(ms: number, row = outputs(0.9)) {
    let point = null;
    for (let t = 0; t < ms; t += windowMs) {
      for (let step = 0; step < 5; step++) this.composer.judge(row, 0);
      point = this.window();
    }
    return point as NonNullable<typeof point>;
  }

  silence(ms: number) {
    const points = [];
    for (let t = 0; t < ms; t += windowMs) points.push(this.window({ speechSteps: 0 }));
    return points;
  }
}

describe('PointComposer', () => {
  it('warms up during the first second of speech', () => {
    const voice = new Voice();
    expect([200, 200, 200, 200, 200].map((ms) => voice.speak(ms).state)).toEqual([
      'warming-up',
      'warming-up',
      'warming-up',
      'warming-up',
      'speech',
    ]);
  });

  it('gives silence no expression', () => {
    const voice = new Voice();
    voice.speak(2_000);
    expect(voice.silence(200)[0]).toEqual({
      atMs: 2_200,
      state: 'silence',
      probabilities: null,
      valence: null,
      arousal: null,
      confidence: 0,
    });
  });

  it('sends every third point of a lasting silence', () => {
    const times = new Voice().silence(2_000).map((point) => point?.atMs ?? null);
    expect(times).toEqual([200, null, null, 800, null, null, 1_400, null, null, 2_000]);
  });

  it('grows more confident with more speech', () => {
    const voice = new Voice();
    const confidences = [200, 800, 2_000, 4_000].map((ms) => voice.speak(ms).confidence);
    expect(confidences).toEqual([...confidences].sort((a, b) => a - b));
    expect(confidences[0]).toBeLessThan(0.1);
    expect(confidences[3]).toBeGreaterThan(0.8);
  });

  it('has no confidence in an undecided posterior', () => {
    expect(new Voice().speak(10_000, outputs(1 / 8)).confidence).toBeCloseTo(0, 3);
  });

  it('holds the last judgement, with little confidence, while most audio is concealed', () => {
    const voice = new Voice();
    const before = voice.speak(3_000, outputs(0.8, -0.5, 0.6));
    const held = voice.window({ concealedShare: 0.9, speechSteps: 0 });
    expect(held?.state).toBe('concealed');
    expect(held?.probabilities).toEqual(before.probabilities);
    expect([held?.valence, held?.arousal]).toEqual([-0.5, 0.6]);
    expect(held?.confidence).toBeLessThan(0.3 * before.confidence);
  });

  it('has nothing to hold when audio is concealed before any speech', () => {
    expect(new Voice().window({ concealedShare: 1 })).toMatchObject({
      state: 'concealed',
      probabilities: null,
      confidence: 0,
    });
  });

  it('loses confidence with partly concealed audio, and regains it', () => {
    const voice = new Voice();
    const clean = voice.speak(6_000).confidence;
    const lossy = voice.window({ concealedShare: 0.4 })?.confidence ?? 0;
    expect(lossy).toBeLessThan(0.95 * clean);
    expect(voice.speak(3_000).confidence).toBeGreaterThan(lossy);
  });

  it('smooths a sudden change over half a second', () => {
    const voice = new Voice();
    voice.speak(5_000, outputs(0.9, 1));
    const turned = voice.speak(200, outputs(0.1, -1)).valence as number;
    const settled = voice.speak(3_000, outputs(0.1, -1)).valence as number;
    expect(turned).toBeGreaterThan(0);
    expect(turned).toBeLessThan(0.5);
    expect(settled).toBeLessThan(-0.95);
  });

  it('judges an utterance after a long pause by itself', () => {
    const voice = new Voice();
    voice.speak(5_000, outputs(0.9, 1));
    voice.silence(2_000);
    expect(voice.speak(200, outputs(0.9, -1)).valence).toBe(-1);
  });

  it("tells the change from the speaker's own normal once that is known, in speech only", () => {
    const voice = new Voice();
    expect(voice.speak(20_800, outputs(0.9, 0.2, 0.1)).change).toBeUndefined();
    expect(voice.speak(200, outputs(0.9, 0.2, 0.1)).change).toEqual({ valence: 0, arousal: 0 });
    const excited = emotionPointSchema.parse(voice.speak(3_000, outputs(0.9, 0.2, 0.9)));
    expect(excited.change?.arousal).toBeGreaterThan(1);
    expect(Math.abs(excited.change?.valence ?? 1)).toBeLessThan(0.01);
    expect(voice.silence(200)[0]?.change).toBeUndefined();
  });

  it('makes points that the wire accepts, whatever the model says', () => {
    const wild = Float32Array.from([1.2, -0.1, 0, 0, 0, 0, 0, 0, 3, -3]);
    expect(emotionPointSchema.parse(new Voice().speak(2_000, wild))).toMatchObject({
      valence: 1,
      arousal: -1,
    });
  });
});
