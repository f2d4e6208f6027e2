import { stepLayout } from '../features/step-layout.ts';
import type { Network } from '../network/network.ts';
import { noPreprocessing, type Preprocessing, preprocessingSchema } from '../preprocessing/preprocessing.ts';
import { createNetwork } from './architecture.ts';
import type { Manifest } from './manifest.ts';
import { ModelError } from './model-error.ts';
import { TrainedModel } from './trained-model.ts';

/** A model that judges whole recordings at once: for comparison and as a teacher, not for calls. */
export class OfflineModel extends TrainedModel {
  readonly network: Network;
  /** What was done to the recordings that it learned from, and is done to those that it judges. */
  readonly preprocessing: Preprocessing;

  /** @throws ModelError `manifest-malformed` when its preprocessing is not known here */
  constructor(manifest: Manifest, tensors: ReadonlyMap<string, Float32Array>, onnx: Uint8Array) {
    super(manifest, tensors, onnx);
    const layout = stepLayout(manifest.features);
    this.network = createNetwork(manifest.architecture, layout, manifest.labels.length);
    const recorded = preprocessingSchema
      .default(noPreprocessing)
      .safeParse(manifest.training.config.preprocessing);
    if (!recorded.success) {
      throw new ModelError(
        'manifest-malformed',
        `${manifest.name} says of its preprocessing what this version doesn't know: train it anew`,
        { cause: recorded.error },
      );
    }
    this.preprocessing = recorded.data;
  }
}
