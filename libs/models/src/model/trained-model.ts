import type { CorpusLabel } from '../corpus/corpus-label.ts';
import { type FeatureSpec, stepFeatureCount, stepMs } from '../features/feature-spec.ts';
import { dimensionCount } from './emotion-label.ts';
import type { Manifest } from './manifest.ts';
import type { Precision } from './precision.ts';

/** A verified model in memory: its manifest, its weights by name and its ONNX graph. Immutable. */
export abstract class TrainedModel<Own extends Manifest = Manifest> {
  readonly manifest: Own;
  /** Each tensor's values as they were trained, row-major, in the shapes that its network says. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
  /** The same model as an ONNX graph, with weights of `precision`. */
  readonly onnx: Uint8Array;
  readonly precision: Precision;

  constructor(
    manifest: Own,
    tensors: ReadonlyMap<string, Float32Array>,
    onnx: Uint8Array,
    precision: Precision = 'float32',
  ) {
    this.manifest = manifest;
    this.tensors = tensors;
    this.onnx = onnx;
    this.precision = precision;
  }

  /** In the order of the probabilities. */
  get labels(): readonly CorpusLabel[] {
    return this.manifest.labels;
  }

  get featureSpec(): FeatureSpec {
    return this.manifest.features;
  }

  /** F: floats of one step's features. */
  get stepFeatureCount(): number {
    return stepFeatureCount(this.manifest.features);
  }

  /** Milliseconds of audio in one step. */
  get stepMs(): number {
    return stepMs(this.manifest.features);
  }

  /** C+2: floats of one output. */
  get outputCount(): number {
    return this.labels.length + dimensionCount;
  }

  /** The weights of one tensor. @throws RangeError if the model has none of that name */
  tensor(name: string): Float32Array {
    const tensor = this.tensors.get(name);
    if (tensor === undefined) throw new RangeError(`the model has no tensor ${name}`);
    return tensor;
  }
}
