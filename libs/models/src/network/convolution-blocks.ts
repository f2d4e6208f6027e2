import { z } from 'zod';
import type { StepLayout } from '../features/step-layout.ts';
import { batchNorm, fixedBatchNorm } from '../graph/batch-norm.ts';
import { convolution } from '../graph/convolution.ts';
import type { Value } from '../graph/differentiable-graph.ts';
import { maxPooling } from '../graph/max-pooling.ts';
import type { FedTensor, SequenceBatch } from './network.ts';
import type { NetworkGraph } from './network-graph.ts';
import type { TensorShape } from './tensor-shape.ts';

/** Frames, and bands, that a kernel looks at. */
export const kernelSide = 3;
/** Frames that a causal layer looks back. */
export const pastFrames = kernelSide - 1;

/** Convolutions of 3 frames × 3 bands, each with batch normalisation and ReLU, then max pooling. */
const blockSchema = z.object({
  channels: z.int().min(1).max(512),
  convolutions: z.int().min(1).max(4),
  poolSteps: z.union([z.literal(1), z.literal(2), z.literal(4)]),
  poolBands: z.union([z.literal(1), z.literal(2), z.literal(4)]),
});
export const blocksSchema = z.array(blockSchema).min(1).max(8);
export type BlockSizes = z.infer<typeof blockSchema>;

/** One convolution: `inputs` channels of `bands` → `outputs` channels of as many. */
export interface ConvolutionLayer {
  name: string;
  inputs: number;
  outputs: number;
  bands: number;
}

interface Block {
  layers: readonly ConvolutionLayer[];
  poolSteps: number;
  poolBands: number;
}

/** What causal layers saw before the frames that they are fed: without it, that is zeros. */
export interface PastFrames {
  /** x [N, I, Y, X] of `layer`, behind the frames before it: [N, I, `pastFrames` + Y, X]. */
  before(x: Value, layer: ConvolutionLayer): Value;
}

/** Blocks of 2-D convolutions over frames × bands: what a spectrogram network begins with. */
export class ConvolutionBlocks {
  readonly blocks: readonly Block[];
  /** How many frames become one. */
  readonly poolFrames: number;
  /** V: floats that are left of them. */
  readonly units: number;
  readonly tensors: readonly TensorShape[];
  readonly #isCausal: boolean;
  /** Channels and bands after the last block. */
  readonly #channels: number;
  readonly #bands: number;

  /**
   * @param isCausal whether a frame sees itself and the two before, or else one before and one after
   * @throws Error when there are too few bands for so much pooling
   */
  constructor(blocks: readonly BlockSizes[], layout: StepLayout, isCausal: boolean) {
    this.#isCausal = isCausal;
    let { planes: inputs, bands } = layout;
    this.blocks = blocks.map(({ channels, convolutions, poolSteps, poolBands }, i) => {
      const layers = Array.from({ length: convolutions }, (_, j) => {
        const layer = { name: `block${i}.convolution${j}`, inputs, outputs: channels, bands };
        inputs = channels;
        return layer;
      });
      bands = Math.floor(bands / poolBands);
      return { layers, poolSteps, poolBands };
    });
    if (bands === 0) throw new Error(`pooling leaves nothing of ${layout.bands} bands: pool fewer of them`);
    this.poolFrames = blocks.reduce((product, { poolSteps }) => product * poolSteps, 1);
    this.#channels = inputs;
    this.#bands = bands;
    this.units = inputs * bands;
    this.tensors = this.layers.flatMap(layerShapes);
  }

  get layers(): readonly ConvolutionLayer[] {
    return this.blocks.flatMap(({ layers }) => layers);
  }

  /** Which frames each block sees that are no padding, `validN` [B, 1, Y / pooled, 1], of steps of `framesPerStep`. */
  inputs(
    { steps, clips, moments, momentSteps }: SequenceBatch,
    framesPerStep = 1,
  ): Record<string, FedTensor> {
    const masks: Record<string, FedTensor> = {};
    let pooled = 1;
    for (const { poolSteps } of this.blocks) {
      const length = (steps * framesPerStep) / pooled;
      const values = new Float32Array(clips * length);
      for (let b = 0; b < clips; b++) {
        const frames = (momentSteps[(b + 1) * moments - 1] + 1) * framesPerStep;
        values.fill(1, b * length, b * length + Math.ceil(frames / pooled));
      }
      masks[`valid${pooled}`] = { dims: [clips, 1, length, 1], values };
      pooled *= poolSteps;
    }
    return masks;
  }

  /**
   * spectra [B, planes, Y, bands] → [Y / poolFrames, B, V]
   * @param past of causal layers; with it every frame is heard, and no masks are fed
   */
  forward(graph: NetworkGraph, spectra: Value, past: PastFrames | null = null): Value {
    let x = spectra;
    let pooled = 1;
    for (const { layers, poolSteps, poolBands } of this.blocks) {
      const mask = past === null ? graph.input(`valid${pooled}`, ['B', 1, `T${pooled}`, 1]) : null;
      for (const layer of layers) {
        const y = this.#convolved(graph, x, layer, past);
        x = graph.relu(normalised(graph, y, mask, layer));
      }
      x = maxPooling(graph, x, poolSteps, poolBands);
      pooled *= poolSteps;
    }
    const inTime = graph.transpose(x, [2, 0, 1, 3]);
    return graph.reshape(inTime, [0, 0, this.units], [0, 0, this.#channels, this.#bands]);
  }

  #convolved(graph: NetworkGraph, x: Value, layer: ConvolutionLayer, past: PastFrames | null): Value {
    const { name, inputs, outputs } = layer;
    const size = { inputs, outputs, height: kernelSide, width: kernelSide };
    const kernel = `${name}.kernel`;
    if (past !== null) return convolution(graph, past.before(x, layer), kernel, size, [0, 0]);
    return convolution(graph, x, kernel, size, this.#isCausal ? [pastFrames, 0] : [1, 1]);
  }
}

const layerShapes = ({ name, inputs, outputs }: ConvolutionLayer): TensorShape[] => [
  { name: `${name}.kernel`, shape: [outputs, inputs, kernelSide, kernelSide] },
  { name: `${name}.scale`, shape: [outputs], initial: () => 1 },
  { name: `${name}.bias`, shape: [outputs] },
  { name: `${name}.mean`, shape: [outputs], isStatistic: true },
  { name: `${name}.variance`, shape: [outputs], isStatistic: true, initial: () => 1 },
];

/** By the statistics of the batch in training, by those gathered there afterwards. */
function normalised(
  graph: NetworkGraph,
  x: Value,
  mask: Value | null,
  { name, outputs }: ConvolutionLayer,
): Value {
  const norm = { scale: `${name}.scale`, bias: `${name}.bias`, channels: outputs };
  if (!graph.isTraining) return fixedBatchNorm(graph, x, mask, norm, `${name}.mean`, `${name}.variance`);
  if (mask === null) throw new Error('training wants to know what is padding');
  const { output, mean, variance } = batchNorm(graph, x, mask, norm);
  graph.statistics.set(`${name}.mean`, mean).set(`${name}.variance`, variance);
  return output;
}
