import { describe, expect, it } from 'vitest';
import { type EmotionLabel, emotionLabels } from '../model/emotion-label.ts';
import { circumplexTargets } from './circumplex.ts';
import { ClipTargets, type TargetOptions } from './clip-targets.ts';
import type { TrainingClip } from './training-clip.ts';

const frames = {
  bands: 1,
  logMel: new Float32Array(0),
  pitch: new Float32Array(0),
  waveform: null,
  speech: new Uint8Array(0),
};
const clip = (label: EmotionLabel, dataset: string, teacher?: number[]): TrainingClip => ({
  clip: { file: 'a.wav', dataset, speaker: 's', gender: 'female', language: 'en', label },
  frames,
  variants: [],
  ...(teacher && { teacher: Float32Array.from(teacher) }),
});
const options: TargetOptions = {
  classWeights: 'balanced',
  effectiveNumberBeta: 0.99,
  competingLabels: ['calm', 'disgust', 'fearful', 'surprised', 'neutral'],
  labelSmoothing: 0,
  distillation: null,
};
const at = (values: Float32Array, label: EmotionLabel) => values[emotionLabels.indexOf(label)];

describe('the targets of a clip', () => {
  it('spread the smoothed share over the classes that compete, and no other', () => {
    // No corpus lacks happy; sad and angry are each other corpus's.
    const clips = [clip('happy', 'a'), clip('sad', 'a'), clip('happy', 'b'), clip('angry', 'b')];
    const { classes } = new ClipTargets(emotionLabels, clips, { ...options, labelSmoothing: 0.7 }).of(
      clips[0].clip,
    );
    expect(at(classes, 'angry')).toBe(0);
    expect(at(classes, 'sad')).toBeCloseTo(0.1, 6);
    expect(at(classes, 'happy')).toBeCloseTo(0.4, 6);
    expect(classes.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
  });

  it('place a smoothed class where the class itself is', () => {
    const clips = [clip('happy', 'a')];
    const { dimensions } = new ClipTargets(emotionLabels, clips, { ...options, labelSmoothing: 0.5 }).of(
      clips[0].clip,
    );
    const [valence, arousal] = circumplexTargets.happy;
    expect(dimensions[0]).toBeCloseTo(valence, 6);
    expect(dimensions[1]).toBeCloseTo(arousal, 6);
  });
});

describe('distillation', () => {
  // neutral, calm, happy, sad, angry, fearful, disgust, surprised
  const teacher = [0, 0, 0.64, 0.16, 0.2, 0, 0, 0];
  const distillation = { weight: 0.5, temperature: 1 };

  it('mixes the label with the teacher’s probabilities over the classes that compete', () => {
    const clips = [clip('sad', 'a', teacher), clip('happy', 'a', teacher), clip('angry', 'b', teacher)];
    const targets = new ClipTargets(emotionLabels, clips, { ...options, distillation });
    const { classes, dimensions } = targets.taught(clips[0]);
    expect(at(classes, 'angry')).toBe(0);
    expect(at(classes, 'happy')).toBeCloseTo(0.5 * 0.8, 6);
    expect(at(classes, 'sad')).toBeCloseTo(0.5 + 0.5 * 0.2, 6);
    const place = (label: EmotionLabel, d: number) => circumplexTargets[label][d];
    for (const d of [0, 1]) {
      expect(dimensions[d]).toBeCloseTo(0.4 * place('happy', d) + 0.6 * place('sad', d), 6);
    }
  });

  it('softens the teacher by the temperature', () => {
    const clips = [clip('sad', 'a', teacher), clip('happy', 'a'), clip('angry', 'b')];
    const targets = new ClipTargets(emotionLabels, clips, {
      ...options,
      distillation: { weight: 1, temperature: 2 },
    });
    // √0.64 : √0.16 = 2 : 1.
    expect(at(targets.taught(clips[0]).classes, 'happy')).toBeCloseTo(2 / 3, 6);
  });

  it('does not touch the targets of validation clips', () => {
    const clips = [clip('sad', 'a', teacher)];
    const targets = new ClipTargets(emotionLabels, clips, { ...options, distillation });
    expect(at(targets.of(clips[0].clip).classes, 'sad')).toBe(1);
  });

  it('refuses clips without a usable teacher', () => {
    const clips = [
      clip('sad', 'a'),
      clip('sad', 'a', [1]),
      clip('sad', 'b', teacher.map(Number.isNaN).map(Number)),
    ];
    const targets = new ClipTargets(emotionLabels, clips, { ...options, distillation });
    expect(() => targets.taught(clips[0])).toThrow(
      '8 probabilities of a teacher for every training clip; a.wav has none',
    );
    expect(() => targets.taught(clips[1])).toThrow('a.wav has 1');
    expect(() => targets.taught(clips[2])).toThrow('to no class that its corpus has');
  });
});
