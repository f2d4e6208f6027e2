import { stepLayout } from '../features/step-layout.ts';
import type { Network } from '../network/network.ts';
import { createNetwork } from './architecture.ts';
import type { Manifest } from './manifest.ts';
import { TrainedModel } from './trained-model.ts';

/** A model that judges whole recordings at once: for comparison and as a teacher, not for calls. */
export class OfflineModel extends TrainedModel {
  readonly network: Network;

  constructor(manifest: Manifest, tensors: ReadonlyMap<string, Float32Array>, onnx: Uint8Array) {
    super(manifest, tensors, onnx);
    const layout = stepLayout(manifest.features);
    this.network = createNetwork(manifest.architecture, layout, manifest.labels.length);
  }
}
