/** The perceived expressions of every model, in the order of its probabilities. The same list as on the wire. */
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

/** C+2: a probability for each label, then valence and arousal. */
export const outputCount = emotionLabels.length + 2;
