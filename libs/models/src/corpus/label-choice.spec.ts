import { describe, expect, it } from 'vitest';
import type { Clip } from './clip.ts';
import type { CorpusLabel } from './corpus-label.ts';
import { chosenLabels } from './label-choice.ts';

const clip = (label: CorpusLabel): Clip => ({
  file: '',
  dataset: 'own',
  speaker: 's',
  gender: 'female',
  language: 'en',
  label,
});

describe('the labels of a model', () => {
  it('are those that the data has, in one order whatever the order of the clips', () => {
    const clips = [clip('boredom'), clip('sad'), clip('neutral'), clip('sad')];
    expect(chosenLabels('data', clips)).toEqual(['neutral', 'sad', 'boredom']);
  });

  it('are those named, in their order, whether the data has them or not', () => {
    expect(chosenLabels(['sad', 'calm'], [clip('angry')])).toEqual(['sad', 'calm']);
  });

  it('are refused when there is only one', () => {
    expect(() => chosenLabels('data', [clip('sad')])).toThrow('the data has the classes sad');
  });
});
