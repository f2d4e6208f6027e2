import { z } from 'zod';
import type { StepLayout } from '../features/step-layout.ts';
import type { Value } from '../graph/differentiable-graph.ts';
import { dimensionCount } from '../model/emotion-label.ts';
import { evenWeights } from './age-weights.ts';
import { attentionPooling, type PoolingSize, pooledCount, poolingShapes } from './attention-pooling.ts';
import { blocksSchema } from './convolution-blocks.ts';
import { FrameConvolutions } from './frame-convolutions.ts';
import { type HeadSize, head, headDropout, headShapes } from './head.ts';
import type { DropoutShape, FedTensor, Network, SequenceBatch } from './network.ts';
import type { NetworkGraph } from './network-graph.ts';
import { bidirectional, lstm, lstmShapes, sequenceLengths } from './recurrence.ts';
import { denseShapes, type TensorShape } from './tensor-shape.ts';

const sizes = {
  blocks: blocksSchema,
  /** D: units that a pooled step is brought down to. */
  stepUnits: z.int().min(1).max(1024),
  /** A and K of the attention. */
  scoreUnits: z.int().min(1).max(1024),
  heads: z.int().min(1).max(8),
  /** E: units of the dense layer before the outputs. */
  headUnits: z.int().min(1).max(1024),
};

/** frames × bands → convolution blocks → dense, ReLU → attention pooling, mean and deviation → dense, ReLU → outputs. */
export const cnnSchema = z.object({ kind: z.literal('cnn'), ...sizes });

/** The same with an LSTM in both directions before the pooling. */
export const cnnLstmSchema = z.object({
  kind: z.literal('cnn-lstm'),
  ...sizes,
  /** H: units of the LSTM in each direction. */
  recurrentUnits: z.int().min(1).max(1024),
});
type ConvolutionalArchitecture = z.infer<typeof cnnSchema> | z.infer<typeof cnnLstmSchema>;

/** Sees what follows a step too, so it judges whole clips. */
export class ConvolutionalNetwork implements Network {
  readonly isCausal = false;
  readonly stepMultiple: number;
  readonly tensors: readonly TensorShape[];
  readonly dropout: readonly DropoutShape[];
  readonly #blocks: FrameConvolutions;
  readonly #stepUnits: number;
  /** H of the LSTM, if there is one. */
  readonly #recurrentUnits: number | null;
  readonly #pooling: PoolingSize;
  readonly #head: HeadSize;

  /** @throws Error when the features don't suit convolutions, see `FrameConvolutions` */
  constructor(architecture: ConvolutionalArchitecture, layout: StepLayout, labelCount: number) {
    const { blocks, stepUnits: D, scoreUnits, heads, headUnits } = architecture;
    const H = architecture.kind === 'cnn-lstm' ? architecture.recurrentUnits : null;
    this.#blocks = new FrameConvolutions(blocks, layout);
    this.stepMultiple = this.#blocks.poolSteps;
    this.#stepUnits = D;
    this.#recurrentUnits = H;
    this.#pooling = { units: H === null ? D : 2 * H, scoreUnits, heads, deviation: true };
    this.#head = { inputs: pooledCount(this.#pooling), headUnits, outputs: labelCount + dimensionCount };
    this.tensors = [
      ...this.#blocks.tensors,
      ...denseShapes('step', this.#blocks.units, D),
      ...(H === null ? [] : [...lstmShapes('lstmForward', D, H), ...lstmShapes('lstmBackward', D, H)]),
      ...poolingShapes(this.#pooling),
      ...headShapes(this.#head),
    ];
    this.dropout = [
      { name: 'blocksMask', per: 'clip', units: this.#blocks.units },
      { name: 'stepMask', per: 'clip', units: D },
      ...headDropout(this.#head),
    ];
  }

  inputs(batch: SequenceBatch): Record<string, FedTensor> {
    const { poolSteps } = this.#blocks;
    return {
      ...this.#blocks.inputs(batch),
      ages: evenWeights(batch, this.#pooling.heads, poolSteps),
      ...(this.#recurrentUnits !== null && { lengths: sequenceLengths(batch, poolSteps) }),
    };
  }

  forward(graph: NetworkGraph, moments: number): Value {
    const blocks = graph.drop(this.#blocks.forward(graph), 'blocksMask');
    const dense = graph.dense(blocks, 'step', [this.#blocks.units, this.#stepUnits]);
    const steps = graph.drop(graph.relu(dense), 'stepMask');
    const heard =
      this.#recurrentUnits === null
        ? steps
        : bidirectional(lstm, graph, steps, 'lstm', this.#stepUnits, this.#recurrentUnits);
    return head(graph, attentionPooling(graph, heard, this.#pooling, moments), this.#head);
  }
}
