/** What a model said of one clip. */
export interface JudgedClip {
  speaker: string;
  /** Index of the true label. */
  label: number;
  /** [C] probabilities after the whole clip; null when no speech was found in it, which counts as a wrong answer. */
  probabilities: Float32Array | null;
}

/** The most probable class, −1 where there was no answer. */
export function decision({ probabilities }: JudgedClip): number {
  if (probabilities === null) return -1;
  let best = 0;
  for (let c = 1; c < probabilities.length; c++) if (probabilities[c] > probabilities[best]) best = c;
  return best;
}
