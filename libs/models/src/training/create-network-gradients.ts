import { selectTfjsBackend } from '../engine/tfjs-backend.ts';
import { type FeatureSpec, stepFeatureCount } from '../features/feature-spec.ts';
import type { NetworkGradients } from './network-gradients.ts';
import { OnnxGradients } from './onnx-gradients.ts';
import { TfjsGradients } from './tfjs-gradients.ts';
import type { TrainingConfig } from './training-config.ts';

/** TensorFlow.js where its native library is installed (the GPU's above all), else ONNX Runtime on the CPU. */
export async function createNetworkGradients(
  config: TrainingConfig,
  spec: FeatureSpec,
  labelCount: number,
): Promise<NetworkGradients> {
  const { architecture, momentsPerClip } = config;
  const loss = { dimensions: config.dimensionsWeight, focalGamma: config.focalGamma };
  const F = stepFeatureCount(spec);
  return (await selectTfjsBackend()) === 'wasm'
    ? OnnxGradients.create(architecture, F, labelCount, momentsPerClip, loss)
    : TfjsGradients.create(architecture, F, labelCount, loss);
}
