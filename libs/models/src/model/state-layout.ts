import type { GruAttentionArchitecture } from '../network/gru-attention.ts';

/** Below every possible attention score, so that the first step replaces it and nothing is weighted by it. */
const noScoreYet = -1e4;

/**
 * Where a speaker's state of S floats keeps what: outputs of the GRUs [L, H], running maximum of the attention scores [K],
 * sum of the weights [K] and weighted sum [K, W] of the last GRU's outputs and, for the deviation, of their squares: W is H or
 * 2H. Weights and sums are relative to that maximum.
 */
export class StateLayout {
  readonly recurrentUnits: number;
  /** L */
  readonly layers: number;
  readonly heads: number;
  /** W: the outputs alone, or the outputs and their squares. */
  readonly summedUnits: number;
  readonly maximumAt: number;
  readonly weightAt: number;
  readonly sumAt: number;
  /** S */
  readonly size: number;

  constructor({ recurrentUnits, recurrentLayers = 1, decays, deviationPooling }: GruAttentionArchitecture) {
    this.recurrentUnits = recurrentUnits;
    this.layers = recurrentLayers;
    this.heads = decays.length;
    this.summedUnits = deviationPooling === true ? 2 * recurrentUnits : recurrentUnits;
    this.maximumAt = recurrentLayers * recurrentUnits;
    this.weightAt = this.maximumAt + this.heads;
    this.sumAt = this.weightAt + this.heads;
    this.size = this.sumAt + this.heads * this.summedUnits;
  }

  /** [S] of a speaker who has not spoken yet. */
  initial(): Float32Array {
    return new Float32Array(this.size).fill(noScoreYet, this.maximumAt, this.weightAt);
  }
}
