import { type Expression, expressions } from '@undertone/wire';

/** Those that ask for attention first; the even ones last. */
export const expressionOrder: Expression[] = [
  'angry',
  'fearful',
  'disgust',
  'sad',
  'surprised',
  'happy',
  'calm',
  'neutral',
];

/** The same as indices into a vector of probabilities. */
export const probabilityOrder = expressionOrder.map((each) => expressions.indexOf(each));
