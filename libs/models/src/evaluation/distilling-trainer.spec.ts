import { expect, it } from 'vitest';
import type { Clip } from '../corpus/clip.ts';
import type { CorpusLabel } from '../corpus/corpus-label.ts';
import type { Teacher } from '../training/teacher.ts';
import { BaggingTrainer } from './bagging-trainer.ts';
import type { ClipScorer, ClipTrainer } from './clip-trainer.ts';
import { DistillingTrainer } from './distilling-trainer.ts';
import type { JudgedClip } from './judged-clip.ts';

const labels: readonly CorpusLabel[] = ['happy', 'sad'];
const clips: Clip[] = Array.from({ length: 40 }, (_, i) => ({
  file: `/own/${i}.wav`,
  dataset: 'own',
  speaker: `s${i % 5}`,
  gender: 'female',
  language: 'en',
  label: labels[(i >> 3) % 2],
}));

/** Knows by heart what it learned from (sure of the class), and is at a loss elsewhere. */
const byHeart: ClipTrainer<CorpusLabel> = {
  name: 'by heart',
  random: false,
  labels,
  setup: null,
  fit: async (training, _seed, validation = []) => {
    const known = new Set(training.map(({ file }) => file));
    const judge = (own: readonly Clip[]) =>
      own.map(({ label, ...clip }): JudgedClip => {
        const probabilities = labels.map((one) => (known.has(clip.file) ? Number(one === label) : 0.5));
        return {
          ...clip,
          seconds: 1,
          label: labels.indexOf(label),
          probabilities: Float32Array.from(probabilities),
        };
      });
    return {
      chosen: {},
      temperature: 1,
      score: async (own) => ({ judged: judge(own), skipped: [] }),
      validation: async () => judge(validation),
      close: async () => {},
    };
  },
};

it('teaches every training clip what the teacher makes of it without having learned from its speaker', async () => {
  let taught: ReadonlyMap<string, Float32Array> = new Map();
  const student = {
    name: 'student',
    labels,
    setup: null,
    fit: async (
      training: readonly Clip[],
      _seed: number,
      _validation?: readonly Clip[],
      teacher: Teacher | null = null,
    ): Promise<ClipScorer<CorpusLabel>> => {
      taught = await teacher!.answers(training, labels, []);
      return byHeart.fit(training, 1);
    },
  };
  const trainer = new DistillingTrainer(new BaggingTrainer(byHeart, 5), student);
  expect(trainer.name).toBe('student taught by bag of 5 by heart');
  await trainer.fit(clips, 1);
  expect(taught.size).toBe(clips.length);
  for (const answer of taught.values()) expect(Array.from(answer)).toEqual([0.5, 0.5]);
});
