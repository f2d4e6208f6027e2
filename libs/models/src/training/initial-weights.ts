import { type Architecture, elementCount, tensorShapes } from '../model/architecture.ts';
import { SeededRandom } from '../seeded-random.ts';

/** Glorot-uniform kernels, zero biases; the recurrent kernel is scaled down so that long memories start stable. */
export function initialWeights(
  architecture: Architecture,
  stepFeatureCount: number,
  labelCount: number,
  seed: number,
): Map<string, Float32Array> {
  const random = new SeededRandom(seed);
  return new Map(
    tensorShapes(architecture, stepFeatureCount, labelCount).map(({ name, shape }) => {
      const values = new Float32Array(elementCount(shape));
      if (shape.length === 2) {
        const fanOut = name.startsWith('gru.') ? shape[1] / 3 : shape[1];
        const limit = Math.sqrt(6 / (shape[0] + fanOut)) * (name === 'gru.recurrentKernel' ? 0.7 : 1);
        for (let i = 0; i < values.length; i++) values[i] = random.between(-limit, limit);
      }
      return [name, values];
    }),
  );
}
