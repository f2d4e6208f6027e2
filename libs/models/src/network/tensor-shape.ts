/** One tensor of a model. Kernels begin at random (see `initialWeights`), vectors at 0 unless said otherwise. */
export interface TensorShape {
  name: string;
  shape: number[];
  /** What element `index` of a vector begins with. */
  initial?: (index: number) => number;
  /** How many gates lie side by side in the last dimension of a recurrent layer's kernel. */
  gates?: number;
  /** True for what is not trained by its gradient but follows the statistics of the batches. */
  isStatistic?: boolean;
}

export const elementCount = (shape: readonly number[]): number => shape.reduce((count, n) => count * n, 1);

/** Kernel [I, O] and bias [O] of a dense layer. */
export const denseShapes = (layer: string, inputs: number, outputs: number): TensorShape[] => [
  { name: `${layer}.kernel`, shape: [inputs, outputs] },
  { name: `${layer}.bias`, shape: [outputs] },
];

/** C+2: what a network gives for a moment, by its last bias. */
export const outputCountOf = ({ tensors }: { tensors: readonly TensorShape[] }): number =>
  tensors.at(-1)!.shape[0];
