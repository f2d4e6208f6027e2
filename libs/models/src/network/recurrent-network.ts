import { z } from 'zod';
import { type StepLayout, stepFloats } from '../features/step-layout.ts';
import type { Value } from '../graph/differentiable-graph.ts';
import { dimensionCount } from '../model/emotion-label.ts';
import { evenWeights } from './age-weights.ts';
import { attentionPooling, type PoolingSize, pooledCount, poolingShapes } from './attention-pooling.ts';
import { type HeadSize, head, headDropout, headShapes } from './head.ts';
import type { DropoutShape, FedTensor, Network, SequenceBatch } from './network.ts';
import type { NetworkGraph } from './network-graph.ts';
import { bidirectional, gru, gruShapes, lstm, lstmShapes, sequenceLengths } from './recurrence.ts';
import { denseShapes, type TensorShape } from './tensor-shape.ts';

/** step → dense, ReLU → GRU or LSTM layers → its last output, or attention pooling of all → dense, ReLU → outputs. */
export const recurrentSchema = z
  .object({
    kind: z.enum(['gru', 'lstm']),
    /** D: units of the dense layer before the recurrence. */
    frontUnits: z.int().min(1).max(1024),
    /** H: units of each layer, in each direction. */
    recurrentUnits: z.int().min(1).max(1024),
    layers: z.int().min(1).max(4),
    /** Whether each layer runs through the clip in both directions: then only whole clips can be judged. */
    bidirectional: z.boolean(),
    /** `last`: the output at the moment judged. */
    pooling: z.enum(['last', 'attention']),
    /** A and K of the attention. */
    scoreUnits: z.int().min(1).max(1024),
    heads: z.int().min(1).max(8),
    /** E: units of the dense layer before the outputs. */
    headUnits: z.int().min(1).max(1024),
  })
  .refine(
    (architecture) => !(architecture.bidirectional && architecture.pooling === 'last'),
    'a bidirectional layer has seen at the last step only that step backwards: use attention pooling',
  );
type RecurrentArchitecture = z.infer<typeof recurrentSchema>;

export class RecurrentNetwork implements Network {
  readonly isCausal: boolean;
  readonly stepMultiple = 1;
  readonly tensors: readonly TensorShape[];
  readonly dropout: readonly DropoutShape[];
  readonly #architecture: RecurrentArchitecture;
  readonly #features: number;
  readonly #pooling: PoolingSize | null;
  readonly #head: HeadSize;
  /** I and the name of each layer. */
  readonly #layers: { name: string; inputs: number }[];
  /** Floats of a layer's output. */
  readonly #units: number;

  constructor(architecture: RecurrentArchitecture, layout: StepLayout, labelCount: number) {
    const { kind, frontUnits: D, recurrentUnits: H, scoreUnits, heads, headUnits } = architecture;
    this.#architecture = architecture;
    this.#features = stepFloats(layout);
    this.isCausal = !architecture.bidirectional;
    const units = (architecture.bidirectional ? 2 : 1) * H;
    this.#units = units;
    this.#pooling = architecture.pooling === 'last' ? null : { units, scoreUnits, heads, deviation: true };
    this.#head = {
      inputs: this.#pooling === null ? units : pooledCount(this.#pooling),
      headUnits,
      outputs: labelCount + dimensionCount,
    };
    this.#layers = Array.from({ length: architecture.layers }, (_, i) => ({
      name: `${kind}${i}`,
      inputs: i === 0 ? D : units,
    }));
    const shapes = kind === 'gru' ? gruShapes : lstmShapes;
    const directions = architecture.bidirectional ? ['Forward', 'Backward'] : [''];
    this.tensors = [
      ...denseShapes('front', this.#features, D),
      ...this.#layers.flatMap(({ name, inputs }) =>
        directions.flatMap((direction) => shapes(name + direction, inputs, H)),
      ),
      ...(this.#pooling === null ? [] : poolingShapes(this.#pooling)),
      ...headShapes(this.#head),
    ];
    this.dropout = [
      { name: 'frontMask', per: 'clip', units: D },
      ...this.#layers.slice(1).map(({ name }): DropoutShape => ({ name: `${name}Mask`, per: 'clip', units })),
      ...headDropout(this.#head),
    ];
  }

  inputs(batch: SequenceBatch): Record<string, FedTensor> {
    return {
      ...(this.#pooling === null
        ? { moments: momentRows(batch) }
        : { ages: evenWeights(batch, this.#pooling.heads) }),
      ...(this.#architecture.bidirectional && { lengths: sequenceLengths(batch) }),
    };
  }

  forward(graph: NetworkGraph, moments: number): Value {
    const { kind, frontUnits: D, recurrentUnits: H } = this.#architecture;
    const recurrence = kind === 'gru' ? gru : lstm;
    const features = graph.input('features', ['T', 'B', this.#features]);
    let steps = graph.drop(graph.relu(graph.dense(features, 'front', [this.#features, D])), 'frontMask');
    for (const [i, { name, inputs }] of this.#layers.entries()) {
      const own = i === 0 ? steps : graph.drop(steps, `${name}Mask`);
      steps = this.#architecture.bidirectional
        ? bidirectional(recurrence, graph, own, name, inputs, H)
        : recurrence(graph, own, name, inputs, H);
    }
    const pooled =
      this.#pooling === null
        ? this.#atMoments(graph, steps, moments)
        : attentionPooling(graph, steps, this.#pooling, moments);
    return head(graph, pooled, this.#head);
  }

  /** [T, B, H] → [B·Q, H] the outputs at the moments judged. */
  #atMoments(graph: NetworkGraph, steps: Value, Q: number): Value {
    const rows = graph.input('moments', ['B', 1, Q, 'T']);
    const byClip = graph.unsqueeze(graph.transpose(steps, [1, 0, 2]), 1);
    const chosen = graph.weightedSums(rows, byClip);
    return graph.reshape(chosen, [-1, this.#units], [-1, 1, Q, this.#units]);
  }
}

/** [B, 1, Q, T] 1 at the step of each moment. */
function momentRows({ steps: T, clips: B, moments: Q, momentSteps }: SequenceBatch): FedTensor {
  const values = new Float32Array(B * Q * T);
  for (const [row, step] of momentSteps.entries()) values[row * T + step] = 1;
  return { dims: [B, 1, Q, T], values };
}
