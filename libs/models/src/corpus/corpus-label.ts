import { z } from 'zod';
import { type EmotionLabel, emotionLabels } from '../model/emotion-label.ts';

/** What corpora tell apart: the product's classes, and those it lacks. */
export const corpusLabels = [...emotionLabels, 'boredom'] as const;
export type CorpusLabel = EmotionLabel | 'boredom';

/** The classes of one model, any of them in any order. */
export const labelListSchema = z
  .array(z.enum(corpusLabels))
  .min(2)
  .refine((labels) => new Set(labels).size === labels.length, 'names a class twice');

/** How each corpus writes the classes; `index` holds what people write in an index.csv. */
const labelsByCode = {
  ravdess: {
    '01': 'neutral',
    '02': 'calm',
    '03': 'happy',
    '04': 'sad',
    '05': 'angry',
    '06': 'fearful',
    '07': 'disgust',
    '08': 'surprised',
  },
  emodb: {
    N: 'neutral',
    F: 'happy',
    T: 'sad',
    W: 'angry',
    A: 'fearful',
    E: 'disgust',
    L: 'boredom',
  },
  cremad: { NEU: 'neutral', HAP: 'happy', SAD: 'sad', ANG: 'angry', FEA: 'fearful', DIS: 'disgust' },
  tess: {
    neutral: 'neutral',
    happy: 'happy',
    sad: 'sad',
    angry: 'angry',
    fear: 'fearful',
    disgust: 'disgust',
    ps: 'surprised',
  },
  savee: { n: 'neutral', h: 'happy', sa: 'sad', a: 'angry', f: 'fearful', d: 'disgust', su: 'surprised' },
  index: {
    ...Object.fromEntries(corpusLabels.map((label) => [label, label])),
    anger: 'angry',
    happiness: 'happy',
    joy: 'happy',
    sadness: 'sad',
    fear: 'fearful',
    surprise: 'surprised',
    disgusted: 'disgust',
    calmness: 'calm',
    bored: 'boredom',
  },
} satisfies Record<string, Record<string, CorpusLabel>>;

/** The class that `code` stands for; undefined where the corpus's documentation has no such code. */
export function labelOf(source: keyof typeof labelsByCode, code: string): CorpusLabel | undefined {
  return (labelsByCode[source] as Record<string, CorpusLabel>)[code];
}
