import type { Network } from '../network/network.ts';
import { elementCount } from '../network/tensor-shape.ts';
import { SeededRandom } from '../seeded-random.ts';

/**
 * Kernels of dense layers uniform after Glorot & Bengio (2010), those of convolutions after He et al. (2015), vectors as
 * the network says; recurrent kernels are scaled down so that long memories start stable.
 */
export function initialWeights({ tensors }: Network, seed: number): Map<string, Float32Array> {
  const random = new SeededRandom(seed);
  return new Map(
    tensors.map(({ name, shape, initial, gates = 1 }) => {
      const values = new Float32Array(elementCount(shape));
      if (shape.length === 1) {
        if (initial) for (let i = 0; i < values.length; i++) values[i] = initial(i);
        return [name, values];
      }
      const [fanIn, fanOut] =
        shape.length === 2 ? [shape[0], shape[1] / gates] : [elementCount(shape.slice(1)), 0];
      const limit = Math.sqrt(6 / (fanIn + fanOut)) * (name.endsWith('recurrentKernel') ? 0.7 : 1);
      for (let i = 0; i < values.length; i++) values[i] = random.between(-limit, limit);
      return [name, values];
    }),
  );
}
