import type { EmotionPoint } from '@undertone/wire';

/** How a candidate's points compare with those served, over all points of speech that both judged. Constant memory. */
export class ShadowComparison {
  /** Points compared. */
  points = 0;
  /** Steps that the candidate left out because time was short. */
  droppedSteps = 0;
  /** Points that the candidate never made. */
  droppedPoints = 0;
  #agreements = 0;
  #difference = 0;
  #divergence = 0;
  #valence = 0;
  #arousal = 0;

  /** Takes two judgements of the same audio. */
  add(served: EmotionPoint, shadow: EmotionPoint): void {
    const { probabilities: p, valence, arousal } = served;
    const { probabilities: q } = shadow;
    if (p === null || q === null) return;
    this.points++;
    if (p.indexOf(Math.max(...p)) === q.indexOf(Math.max(...q))) this.#agreements++;
    let difference = 0;
    for (const [k, share] of p.entries()) difference += Math.abs(share - q[k]);
    this.#difference += difference / p.length;
    this.#divergence += jensenShannonBits(p, q);
    this.#valence += Math.abs((valence ?? 0) - (shadow.valence ?? 0));
    this.#arousal += Math.abs((arousal ?? 0) - (shadow.arousal ?? 0));
  }

  /** Share of points whose most probable expression is the same; null before the first. */
  get agreement(): number | null {
    return this.#mean(this.#agreements);
  }

  /** Mean absolute difference of a probability, 0 … 1. */
  get probabilityDifference(): number | null {
    return this.#mean(this.#difference);
  }

  /** Mean Jensen–Shannon divergence of the posteriors in bits, 0 … 1. */
  get divergence(): number | null {
    return this.#mean(this.#divergence);
  }

  /** Mean absolute difference of valence, 0 … 2. */
  get valenceDifference(): number | null {
    return this.#mean(this.#valence);
  }

  /** Mean absolute difference of arousal, 0 … 2. */
  get arousalDifference(): number | null {
    return this.#mean(this.#arousal);
  }

  #mean(sum: number): number | null {
    return this.points === 0 ? null : sum / this.points;
  }
}

/** Jensen–Shannon divergence (Lin 1991) in bits: 0 for equal distributions, 1 for disjoint ones. */
function jensenShannonBits(p: number[], q: number[]): number {
  let bits = 0;
  for (const [k, share] of p.entries()) {
    const middle = (share + q[k]) / 2;
    if (share > 0) bits += (share / 2) * Math.log2(share / middle);
    if (q[k] > 0) bits += (q[k] / 2) * Math.log2(q[k] / middle);
  }
  return Math.max(0, bits);
}
