import { DifferentiableGraph, type Value } from '../graph/differentiable-graph.ts';
import type { Network } from './network.ts';

/** A graph that knows a network's weights by their names. */
export class NetworkGraph extends DifferentiableGraph {
  /** Whether units are dropped, and the statistics of the batch are used. */
  readonly isTraining: boolean;
  /** In training: what the batch says of each tensor that follows its statistics. */
  readonly statistics = new Map<string, Value>();
  readonly #network: Network;

  /** @param weights the graph holds them; without, they are fed under their names */
  constructor(
    network: Network,
    isTraining: boolean,
    weights: ReadonlyMap<string, Float32Array> | null = null,
  ) {
    super();
    this.#network = network;
    this.isTraining = isTraining;
    for (const { name, shape, isStatistic } of network.tensors) {
      if (weights !== null) this.parameter(name, shape, weights.get(name)!);
      else if (!(isTraining && isStatistic)) this.input(name, shape);
    }
  }

  /** x […, I] through the dense layer of this name → […, O] */
  dense(x: Value, layer: string, [inputs, outputs]: [number, number]): Value {
    return this.addBias(this.matMul(x, `${layer}.kernel`, [inputs, outputs]), `${layer}.bias`, outputs);
  }

  /** In training, x without the units that the fed mask drops; otherwise x. */
  drop(x: Value, mask: string): Value {
    if (!this.isTraining) return x;
    const { per, units } = this.#network.dropout.find(({ name }) => name === mask)!;
    return this.mulFed(x, this.input(mask, [per === 'clip' ? 'B' : 'R', units]));
  }
}
