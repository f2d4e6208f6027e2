/** Time constant of the smoothing: a syllable does not turn the timeline, a sentence does. */
const smoothingMs = 500;

const shareOf = (stepMs: number): number => 1 - Math.exp(-stepMs / smoothingMs);

/**
 * What is shown of one speaker: the model's outputs, smoothed over speech: an exponential average whose first steps weigh equally, so
 * that a judgement is not pulled towards nothing when it begins.
 */
export class SmoothedJudgement {
  /** Posterior of each label, summing to 1. Meaningless while `steps` is 0. */
  readonly probabilities: Float64Array;
  /** −1 … 1 */
  valence = 0;
  /** −1 … 1 */
  arousal = 0;
  /** Steps averaged since the last `restart`. */
  steps = 0;
  #share: number;

  /** @param stepMs audio of one step @param labels how many the model tells apart */
  constructor(stepMs: number, labels: number) {
    this.probabilities = new Float64Array(labels);
    this.#share = shareOf(stepMs);
  }

  /** From here on a step is `stepMs` of audio. */
  follow(stepMs: number): void {
    this.#share = shareOf(stepMs);
  }

  /** Takes one row of the model's outputs, which begins at `offset`: probabilities, valence, arousal. */
  add(outputs: Float32Array, offset: number): void {
    this.steps++;
    const share = Math.max(this.#share, 1 / this.steps);
    const labels = this.probabilities.length;
    for (let k = 0; k < labels; k++)
      this.probabilities[k] += share * (outputs[offset + k] - this.probabilities[k]);
    this.valence += share * (outputs[offset + labels] - this.valence);
    this.arousal += share * (outputs[offset + labels + 1] - this.arousal);
  }

  /** The next step begins a new average. */
  restart(): void {
    this.steps = 0;
  }
}
