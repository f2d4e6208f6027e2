import { z } from 'zod';
import { type StepLayout, stepFloats } from '../features/step-layout.ts';
import type { Value } from '../graph/differentiable-graph.ts';
import { layerNorm } from '../graph/layer-norm.ts';
import { dimensionCount } from '../model/emotion-label.ts';
import { ageWeights } from './age-weights.ts';
import {
  attentionPooling,
  attentionScores,
  type PoolingSize,
  pooledCount,
  poolingShapes,
} from './attention-pooling.ts';
import { blocksSchema, type PastFrames } from './convolution-blocks.ts';
import { type HeadSize, head, headDropout, headShapes } from './head.ts';
import type { DropoutShape, FedTensor, Network, SequenceBatch } from './network.ts';
import type { NetworkGraph } from './network-graph.ts';
import { gru, gruShapes } from './recurrence.ts';
import { StepConvolutions } from './step-convolutions.ts';
import { denseShapes, type TensorShape } from './tensor-shape.ts';

/**
 * The streaming model: step → dense, ReLU → GRU → attention pooling kept as decaying running sums → dense, ReLU → outputs.
 * Where asked for, causal convolutions over frames × bands come first, the dense layer is normalised, and a second GRU follows
 * the first. Sizes are units of each layer.
 */
export const gruAttentionSchema = z.object({
  kind: z.literal('gru-attention'),
  /** D: units of the dense layer before the recurrence. */
  frontUnits: z.int().min(1).max(1024),
  /** H: units of each GRU. */
  recurrentUnits: z.int().min(1).max(1024),
  /** L, one where absent. */
  recurrentLayers: z.union([z.literal(1), z.literal(2)]).optional(),
  /** A: hidden units of the attention score. */
  scoreUnits: z.int().min(1).max(1024),
  /** E: units of the dense layer before the outputs. */
  headUnits: z.int().min(1).max(1024),
  /** K attention heads: how much of a step's weight is left after each further step, so how far a head remembers. */
  decays: z.array(z.number().gt(0).max(1)).min(1).max(8),
  /** Whether each head gives, after the weighted mean, the weighted deviation of the GRU outputs too. */
  deviationPooling: z.boolean().optional(),
  /** Whether the dense layer before the recurrence is normalised (layer normalisation) before its ReLU. */
  layerNorm: z.boolean().optional(),
  /** Convolutions before the dense layer, see `StepConvolutions`: their `poolSteps` make one of a step's frames. None where absent. */
  blocks: blocksSchema.optional(),
});
export type GruAttentionArchitecture = z.infer<typeof gruAttentionSchema>;

/** Dropout behind the convolutions, and before each GRU. */
const blocksMask = 'blocksMask';
const recurrenceMasks = ['frontMask', 'upperGruMask'];

const normShapes = (units: number): TensorShape[] => [
  { name: 'frontNorm.scale', shape: [units], initial: () => 1 },
  { name: 'frontNorm.bias', shape: [units] },
];

/** The only kind that keeps its state from step to step, and so can be run in calls. */
export class GruAttention implements Network {
  readonly isCausal = true;
  readonly stepMultiple = 1;
  readonly tensors: readonly TensorShape[];
  readonly dropout: readonly DropoutShape[];
  readonly architecture: GruAttentionArchitecture;
  /** F */
  readonly stepFeatureCount: number;
  /** What the features go through before the dense layer. */
  readonly convolutions: StepConvolutions | null;
  /** The GRUs, each on the outputs of the one before. */
  readonly recurrences: readonly { name: string; inputs: number }[];
  /** Floats that the dense layer sees. */
  readonly #frontInputs: number;
  readonly #pooling: PoolingSize;
  readonly #head: HeadSize;

  /** @throws Error when the features don't suit the blocks, see `StepConvolutions` */
  constructor(architecture: GruAttentionArchitecture, layout: StepLayout, labelCount: number) {
    const { frontUnits: D, recurrentUnits: H, scoreUnits, headUnits } = architecture;
    this.architecture = architecture;
    this.stepFeatureCount = stepFloats(layout);
    const { blocks, recurrentLayers = 1 } = architecture;
    this.convolutions = blocks ? new StepConvolutions(blocks, layout) : null;
    this.#frontInputs = this.convolutions?.units ?? this.stepFeatureCount;
    const first = { name: 'gru', inputs: D };
    this.recurrences = recurrentLayers === 1 ? [first] : [first, { name: 'upperGru', inputs: H }];
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
      ...(this.convolutions?.tensors ?? []),
      ...denseShapes('front', this.#frontInputs, D),
      ...(architecture.layerNorm === true ? normShapes(D) : []),
      ...this.recurrences.flatMap(({ name, inputs }) => gruShapes(name, inputs, H)),
      ...poolingShapes(this.#pooling),
      ...headShapes(this.#head),
    ];
    this.dropout = [
      ...(this.convolutions ? [{ name: blocksMask, per: 'clip' as const, units: this.#frontInputs }] : []),
      ...this.recurrences.map(
        ({ inputs }, i): DropoutShape => ({ name: recurrenceMasks[i], per: 'clip', units: inputs }),
      ),
      ...headDropout(this.#head),
    ];
  }

  inputs(batch: SequenceBatch): Record<string, FedTensor> {
    return { ...this.convolutions?.inputs(batch), ages: ageWeights(batch, this.architecture.decays) };
  }

  forward(graph: NetworkGraph, moments: number): Value {
    let steps = this.front(graph, graph.input('features', ['T', 'B', this.stepFeatureCount]));
    for (const [i, { name, inputs }] of this.recurrences.entries()) {
      const seen = graph.drop(steps, recurrenceMasks[i]);
      steps = gru(graph, seen, name, inputs, this.architecture.recurrentUnits);
    }
    return this.head(graph, attentionPooling(graph, steps, this.#pooling, moments));
  }

  /**
   * features [T, B, F] → what the recurrence sees [T, B, D]
   * @param past what the convolutions saw before; without, the clip begins here
   */
  front(graph: NetworkGraph, features: Value, past: PastFrames | null = null): Value {
    const { frontUnits: D, layerNorm: isNormalised } = this.architecture;
    const seen =
      this.convolutions === null
        ? features
        : graph.drop(this.convolutions.forward(graph, features, past), blocksMask);
    const dense = graph.dense(seen, 'front', [this.#frontInputs, D]);
    return graph.relu(
      isNormalised === true ? layerNorm(graph, dense, 'frontNorm.scale', 'frontNorm.bias', D) : dense,
    );
  }

  /** steps [T, B, H] → attention scores [T, B, K] */
  scores(graph: NetworkGraph, steps: Value): Value {
    return attentionScores(graph, steps, this.#pooling);
  }

  /** pooled […, P] → raw outputs […, C+2] */
  head(graph: NetworkGraph, pooled: Value): Value {
    return head(graph, pooled, this.#head);
  }
}
