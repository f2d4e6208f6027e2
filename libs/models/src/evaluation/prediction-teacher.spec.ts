import { describe, expect, it } from 'vitest';
import type { Clip } from '../corpus/clip.ts';
import type { CorpusLabel } from '../corpus/corpus-label.ts';
import type { JudgedFold } from './judged-fold.ts';
import type { PredictionSet } from './prediction-set.ts';
import { PredictionTeacher } from './prediction-teacher.ts';

const labels: CorpusLabel[] = ['happy', 'sad'];
const speakers = ['a', 'b', 'c'];

/** Leave-one-speaker-out over three speakers with a clip each, the same answer for all. */
function member(model: string, happy: number): PredictionSet {
  return {
    source: {
      model,
      random: false,
      labels,
      setup: '0'.repeat(64),
      data: '1'.repeat(64),
      protocol: 'loso',
      folds: 3,
      channels: ['clean'],
      seconds: null,
      session: 'clip',
      moments: [],
    },
    folds: speakers.map(
      (speaker, fold): JudgedFold => ({
        fold,
        seed: 1,
        training: speakers.filter((other) => other !== speaker),
        test: [speaker],
        chosen: {},
        temperature: 1,
        heard: [
          {
            channel: 'clean',
            judged: [
              {
                file: `${speaker}/1.wav`,
                speaker,
                dataset: 'own',
                gender: 'female',
                seconds: 1,
                label: 0,
                probabilities: Float32Array.of(happy, 1 - happy),
              },
            ],
          },
        ],
        validation: [],
        skipped: [],
      }),
    ),
  };
}

const clip = (speaker: string): Clip => ({
  file: `/elsewhere/${speaker}/1.wav`,
  dataset: 'own',
  speaker,
  gender: 'female',
  language: 'en',
  label: 'happy',
});

describe('a teacher of kept predictions', () => {
  const teacher = new PredictionTeacher([member('one', 0.9), member('two', 0.5)], 'mean');

  it('gives each clip the mean of what the members made of it, wherever it lies by now', async () => {
    const answers = await teacher.answers([clip('a'), clip('b')], labels, []);
    expect([...answers.keys()]).toEqual(['/elsewhere/a/1.wav', '/elsewhere/b/1.wav']);
    expect(answers.get('/elsewhere/a/1.wav')![0]).toBeCloseTo(0.7);
  });

  it('refuses to teach what it has learned from the student’s test speakers', async () => {
    await expect(teacher.answers([clip('a')], labels, ['c'])).rejects.toThrow(
      'has heard c, whom the student is tested on',
    );
    // Whoever was never in the teacher's data can test the student.
    expect((await teacher.answers([clip('a')], labels, ['d'])).size).toBe(1);
  });

  it('refuses a student of other classes', async () => {
    await expect(teacher.answers([clip('a')], ['sad', 'happy'], [])).rejects.toThrow(
      'tells happy, sad apart',
    );
  });
});
