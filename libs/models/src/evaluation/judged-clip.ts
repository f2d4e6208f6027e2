/** What a model said of one clip. */
export interface JudgedClip {
  /** The recording; several judgements of one are those of several seeds. */
  file: string;
  speaker: string;
  dataset: string;
  gender: string;
  /** Length of the recording, silence included. */
  seconds: number;
  /** Index of the true label. */
  label: number;
  /** [C] probabilities after the whole clip; null when no speech was found in it, which counts as a wrong answer. */
  probabilities: Float32Array | null;
  /** The same after each moment that was asked for; shorter clips have their last answer there. */
  moments?: readonly (Float32Array | null)[];
}

/** The most probable class, −1 where there was no answer. */
export function decision({ probabilities }: Pick<JudgedClip, 'probabilities'>): number {
  if (probabilities === null) return -1;
  let best = 0;
  for (let c = 1; c < probabilities.length; c++) if (probabilities[c] > probabilities[best]) best = c;
  return best;
}

/** Takes a temperature out again: softmax(z) from softmax(z / T). */
export function uncalibrated(clip: JudgedClip, temperature: number): JudgedClip {
  return clip.probabilities === null || temperature === 1
    ? clip
    : { ...clip, probabilities: tempered(clip.probabilities, 1 / temperature) };
}

/** Less than this is taken for it, so that logarithms stay finite. */
export const smallestProbability = 1e-4;

/** softmax(z / T) from softmax(z). */
export function tempered(probabilities: Float32Array, temperature: number): Float32Array {
  const powers = probabilities.map((p) => Math.max(smallestProbability, p) ** (1 / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
