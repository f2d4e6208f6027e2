import { type ConvolutionLayer, pastFrames } from '../network/convolution-blocks.ts';
import type { GruAttention } from '../network/gru-attention.ts';

/** Below every possible attention score, so that the first step replaces it and nothing is weighted by it. */
const noScoreYet = -1e4;

/**
 * Where a speaker's state of S floats keeps what: outputs of the GRUs [L, H], running maximum of the attention scores [K],
 * sum of the weights [K] and weighted sum [K, W] of the last GRU's outputs and, for the deviation, of their squares: W is H or
 * 2H. Weights and sums are relative to that maximum. Then of each convolution layer the last frames that it was given
 * [channels, `pastFrames`, bands].
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
  /** The layers that frames are kept of, and where. */
  readonly past: readonly { layer: ConvolutionLayer; at: number; floats: number }[];
  /** Floats of every part, in order. */
  readonly sizes: readonly number[];
  /** S */
  readonly size: number;

  constructor({ architecture, convolutions }: Pick<GruAttention, 'architecture' | 'convolutions'>) {
    const { recurrentUnits: H, recurrentLayers: L = 1, decays, deviationPooling } = architecture;
    this.recurrentUnits = H;
    this.layers = L;
    this.heads = decays.length;
    this.summedUnits = deviationPooling === true ? 2 * H : H;
    this.maximumAt = L * H;
    this.weightAt = this.maximumAt + this.heads;
    this.sumAt = this.weightAt + this.heads;
    const summed = this.heads * this.summedUnits;
    let size = this.sumAt + summed;
    this.past = (convolutions?.blocks.layers ?? []).map((layer) => {
      const kept = { layer, at: size, floats: layer.inputs * pastFrames * layer.bands };
      size += kept.floats;
      return kept;
    });
    this.sizes = [
      ...new Array<number>(L).fill(H),
      this.heads,
      this.heads,
      summed,
      ...this.past.map(({ floats }) => floats),
    ];
    this.size = size;
  }

  /** [S] of a speaker who has not spoken yet. */
  initial(): Float32Array {
    return new Float32Array(this.size).fill(noScoreYet, this.maximumAt, this.weightAt);
  }
}
