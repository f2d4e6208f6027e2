/** The perceived expressions of the product's model, in the order of its probabilities. The same list as on the wire. */
export const emotionLabels = [
  'neutral',
  'calm',
  'happy',
  'sad',
  'angry',
  'fearful',
  'disgust',
  'surprised',
] as const;
export type EmotionLabel = (typeof emotionLabels)[number];

/** Valence and arousal, behind the probabilities in every model's output. */
export const dimensionCount = 2;
