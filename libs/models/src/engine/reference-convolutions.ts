import { batchNormEpsilon } from '../graph/batch-norm.ts';
import type { StateLayout } from '../model/state-layout.ts';
import { type ConvolutionLayer, kernelSide, pastFrames } from '../network/convolution-blocks.ts';
import type { StepConvolutions } from '../network/step-convolutions.ts';
import { relu, type TensorReader } from './reference-layers.ts';

/** [channel][frame][band] */
type Planes = Float64Array[][];

/** features [F] of a step → [V], see `StepConvolutions`; what `state` [S] keeps of each layer's frames is replaced. */
export function convolveStep(
  tensor: TensorReader,
  { blocks, layout, units }: StepConvolutions,
  features: Float32Array,
  state: Float64Array,
  { past }: StateLayout,
): Float64Array {
  const { frames, planes, bands, others } = layout;
  const frameFloats = planes * bands + others;
  let x: Planes = Array.from({ length: planes }, (_, plane) =>
    Array.from({ length: frames }, (_, frame) => {
      const from = frame * frameFloats + plane * bands;
      return Float64Array.from(features.subarray(from, from + bands));
    }),
  );
  for (const { layers, poolSteps, poolBands } of blocks.blocks) {
    for (const layer of layers) {
      const { at } = past.find((kept) => kept.layer.name === layer.name)!;
      x = convolve(tensor, layer, remembered(x, layer, state, at));
    }
    x = x.map((rows) => pooled(rows, poolSteps, poolBands));
  }
  const result = new Float64Array(units);
  let to = 0;
  for (const [row] of x) {
    result.set(row, to);
    to += row.length;
  }
  for (let frame = 0; frame < frames; frame++, to += others) {
    const from = frame * frameFloats + planes * bands;
    result.set(features.subarray(from, from + others), to);
  }
  return result;
}

/** x behind the frames that `state` keeps from `at` on; the last ones are kept there next. */
function remembered(x: Planes, { bands }: ConvolutionLayer, state: Float64Array, at: number): Planes {
  return x.map((rows, channel) => {
    const slot = (row: number) => at + (channel * pastFrames + row) * bands;
    const kept = Array.from({ length: pastFrames }, (_, row) => state.slice(slot(row), slot(row) + bands));
    const all = [...kept, ...rows];
    for (const [row, values] of all.slice(-pastFrames).entries()) state.set(values, slot(row));
    return all;
  });
}

/** One layer, its batch normalisation and ReLU; bands outside are zeros, and each frame sees those before it only. */
function convolve(tensor: TensorReader, { name, outputs, bands }: ConvolutionLayer, x: Planes): Planes {
  const [kernel, scale, bias] = ['kernel', 'scale', 'bias'].map((part) => tensor(`${name}.${part}`));
  const [mean, variance] = [tensor(`${name}.mean`), tensor(`${name}.variance`)];
  const aside = kernelSide >> 1;
  return Array.from({ length: outputs }, (_, o) =>
    Array.from({ length: x[0].length - pastFrames }, (_, frame) =>
      Float64Array.from({ length: bands }, (_, band) => {
        let sum = 0;
        for (const [i, rows] of x.entries()) {
          for (let row = 0; row < kernelSide; row++) {
            for (let column = 0; column < kernelSide; column++) {
              const weight = kernel[((o * x.length + i) * kernelSide + row) * kernelSide + column];
              sum += weight * (rows[frame + row][band + column - aside] ?? 0);
            }
          }
        }
        return relu(((sum - mean[o]) / Math.sqrt(variance[o] + batchNormEpsilon)) * scale[o] + bias[o]);
      }),
    ),
  );
}

/** The largest value of each tile; what is left over at the end is dropped. */
const pooled = (rows: Float64Array[], height: number, width: number): Float64Array[] =>
  Array.from({ length: Math.floor(rows.length / height) }, (_, y) =>
    Float64Array.from({ length: Math.floor(rows[0].length / width) }, (_, x) =>
      Math.max(
        ...rows
          .slice(y * height, (y + 1) * height)
          .flatMap((row) => [...row.subarray(x * width, (x + 1) * width)]),
      ),
    ),
  );
