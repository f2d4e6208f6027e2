import { stepLayout } from '../features/step-layout.ts';
import { GruAttention } from '../network/gru-attention.ts';
import type { StreamingManifest } from './manifest.ts';
import type { Precision } from './precision.ts';
import { StateLayout } from './state-layout.ts';
import { TrainedModel } from './trained-model.ts';

/** A model that judges calls, step by step from a speaker's state. Engines share it. */
export class EmotionModel extends TrainedModel<StreamingManifest> {
  readonly network: GruAttention;
  readonly stateLayout: StateLayout;

  constructor(
    manifest: StreamingManifest,
    tensors: ReadonlyMap<string, Float32Array>,
    onnx: Uint8Array,
    precision: Precision = 'float32',
  ) {
    super(manifest, tensors, onnx, precision);
    const layout = stepLayout(manifest.features);
    this.network = new GruAttention(manifest.architecture, layout, manifest.labels.length);
    this.stateLayout = new StateLayout(this.network);
  }

  /** S: floats of one speaker's state. */
  get stateSize(): number {
    return this.stateLayout.size;
  }

  /** [S] state of a speaker who has not spoken yet. */
  initialState(): Float32Array {
    return this.stateLayout.initial();
  }
}
