import { expect, it } from 'vitest';
import type { Clip } from '../corpus/clip.ts';
import { AuxiliaryDataTrainer } from './auxiliary-data-trainer.ts';
import type { ClipTrainer } from './clip-trainer.ts';
import type { JudgedClip } from './judged-clip.ts';

const clip = (dataset: string, speaker: string): Clip => ({
  file: `/data/${dataset}/${speaker}.wav`,
  dataset,
  speaker,
  gender: '',
  language: '',
  label: 'happy',
});
const judged = ({ file, dataset, speaker, gender }: Clip): JudgedClip => ({
  file,
  dataset,
  speaker,
  gender,
  seconds: 1,
  label: 0,
  probabilities: Float32Array.of(1, 0),
});

it('learns from auxiliary clips in every fold and never answers for their speakers', async () => {
  const given: (readonly Clip[])[] = [];
  const alone: ClipTrainer<'happy' | 'sad'> = {
    name: 'alone',
    random: false,
    labels: ['happy', 'sad'],
    setup: {},
    fit: async (training) => {
      given.push(training as readonly Clip[]);
      return {
        chosen: { clips: training.length },
        temperature: 1.5,
        score: async (own) => ({ judged: (own as readonly Clip[]).map(judged), skipped: [] }),
        validation: async () => (training as readonly Clip[]).map(judged),
        close: async () => {},
      };
    },
  };
  const own = [clip('own', 'a'), clip('own', 'b')] as Clip<'happy' | 'sad'>[];
  const other = [clip('other', 'c')] as Clip<'happy' | 'sad'>[];
  const trainer = new AuxiliaryDataTrainer(alone, other);
  expect(trainer.name).toBe('alone with other');
  const scorer = await trainer.fit(own, 1);
  expect(given[0]).toEqual([...own, ...other]);
  expect((await scorer.validation()).map(({ speaker }) => speaker)).toEqual(['a', 'b']);
  expect(scorer).toMatchObject({ chosen: { clips: 3 }, temperature: 1.5 });
  const elsewhere = new AuxiliaryDataTrainer(alone, [clip('other', 'd')] as Clip<'happy' | 'sad'>[]);
  expect(elsewhere.setup).not.toEqual(trainer.setup);
});
