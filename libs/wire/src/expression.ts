/**
 * The perceived expressions that Undertone tells apart, in the order of every probability vector on the wire.
 * They name how a voice sounds to listeners, never what a person feels.
 */
export const expressions = [
  'neutral',
  'calm',
  'happy',
  'sad',
  'angry',
  'fearful',
  'disgust',
  'surprised',
] as const;
export type Expression = (typeof expressions)[number];
