import { selectTfjsBackend } from '../engine/tfjs-backend.ts';
import { GruAttention } from '../network/gru-attention.ts';
import type { Network } from '../network/network.ts';
import type { NetworkGradients } from './network-gradients.ts';
import { OnnxGradients } from './onnx-gradients.ts';
import { TfjsGradients } from './tfjs-gradients.ts';
import type { TrainingConfig } from './training-config.ts';

/**
 * The product's network on TensorFlow.js where its native library is installed (the GPU's above all), else ONNX Runtime: there
 * too when it has convolutions, whose batch normalisation only that trains.
 */
export async function createNetworkGradients(
  config: TrainingConfig,
  network: Network,
): Promise<NetworkGradients> {
  const loss = { dimensions: config.dimensionsWeight, focalGamma: config.focalGamma };
  return network instanceof GruAttention &&
    network.convolutions === null &&
    (await selectTfjsBackend()) !== 'wasm'
    ? TfjsGradients.create(network, loss)
    : OnnxGradients.create(network, config.momentsPerClip, loss);
}
