import { z } from 'zod';
import { type StepLayout, stepFloats } from '../features/step-layout.ts';
import type { Value } from '../graph/differentiable-graph.ts';
import { dimensionCount } from '../model/emotion-label.ts';
import { ageWeights } from './age-weights.ts';
import { attentionPooling, type PoolingSize, pooledCount, poolingShapes } from './attention-pooling.ts';
import { type HeadSize, head, headDropout, headShapes } from './head.ts';
import type { DropoutShape, FedTensor, Network, SequenceBatch } from './network.ts';
import type { NetworkGraph } from './network-graph.ts';
import { gru, gruShapes } from './recurrence.ts';
import { denseShapes, type TensorShape } from './tensor-shape.ts';

/**
 * The streaming model: step → dense, ReLU → GRU → attention pooling kept as decaying running sums → dense, ReLU → outputs.
 * Sizes are units of each layer.
 */
export const gruAttentionSchema = z.object({
  kind: z.literal('gru-attention'),
  /** D: units of the dense layer before the recurrence. */
  frontUnits: z.int().min(1).max(1024),
  /** H: units of the GRU. */
  recurrentUnits: z.int().min(1).max(1024),
  /** A: hidden units of the attention score. */
  scoreUnits: z.int().min(1).max(1024),
  /** E: units of the dense layer before the outputs. */
  headUnits: z.int().min(1).max(1024),
  /** K attention heads: how much of a step's weight is left after each further step, so how far a head remembers. */
  decays: z.array(z.number().gt(0).max(1)).min(1).max(8),
  /** Whether each head gives, after the weighted mean, the weighted deviation of the GRU outputs too. */
  deviationPooling: z.boolean().optional(),
});
export type GruAttentionArchitecture = z.infer<typeof gruAttentionSchema>;

/** The only kind that keeps its state from step to step, and so can be run in calls. */
export class GruAttention implements Network {
  readonly isCausal = true;
  readonly stepMultiple = 1;
  readonly tensors: readonly TensorShape[];
  readonly dropout: readonly DropoutShape[];
  readonly architecture: GruAttentionArchitecture;
  readonly #layout: StepLayout;
  readonly #pooling: PoolingSize;
  readonly #head: HeadSize;

  constructor(architecture: GruAttentionArchitecture, layout: StepLayout, labelCount: number) {
    const { frontUnits: D, recurrentUnits: H, scoreUnits, headUnits } = architecture;
    this.architecture = architecture;
    this.#layout = layout;
    this.#pooling = {
      units: H,
      scoreUnits,
      heads: architecture.decays.length,
      deviation: architecture.deviationPooling === true,
    };
    this.#head = {
      inputs: pooledCount(this.#pooling),
      headUnits,
      outputs: labelCount + dimensionCount,
    };
    this.tensors = [
      ...denseShapes('front', stepFloats(layout), D),
      ...gruShapes('gru', D, H),
      ...poolingShapes(this.#pooling),
      ...headShapes(this.#head),
    ];
    this.dropout = [{ name: 'frontMask', per: 'clip', units: D }, ...headDropout(this.#head)];
  }

  inputs(batch: SequenceBatch): Record<string, FedTensor> {
    return { ages: ageWeights(batch, this.architecture.decays) };
  }

  forward(graph: NetworkGraph, moments: number): Value {
    const { frontUnits: D, recurrentUnits: H } = this.architecture;
    const features = graph.input('features', ['T', 'B', stepFloats(this.#layout)]);
    const hidden = gru(graph, graph.drop(this.front(graph, features), 'frontMask'), 'gru', D, H);
    return this.head(graph, attentionPooling(graph, hidden, this.#pooling, moments));
  }

  /** features [T, B, F] → what the recurrence sees [T, B, D] */
  front(graph: NetworkGraph, features: Value): Value {
    return graph.relu(
      graph.dense(features, 'front', [stepFloats(this.#layout), this.architecture.frontUnits]),
    );
  }

  /** pooled […, P] → raw outputs […, C+2] */
  head(graph: NetworkGraph, pooled: Value): Value {
    return head(graph, pooled, this.#head);
  }
}
