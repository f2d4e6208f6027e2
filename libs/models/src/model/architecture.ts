import { z } from 'zod';
import type { StepLayout } from '../features/step-layout.ts';
import { ConvolutionalNetwork, cnnLstmSchema, cnnSchema } from '../network/convolutional-network.ts';
import { GruAttention, gruAttentionSchema } from '../network/gru-attention.ts';
import type { Network } from '../network/network.ts';
import { RecurrentNetwork, recurrentSchema } from '../network/recurrent-network.ts';
import { elementCount } from '../network/tensor-shape.ts';

/** The kinds of networks and their sizes. */
export const architectureSchema = z.discriminatedUnion('kind', [
  gruAttentionSchema,
  recurrentSchema,
  cnnSchema,
  cnnLstmSchema,
]);
export type Architecture = z.infer<typeof architectureSchema>;

/** @throws Error when the features don't suit the architecture; says what to change */
export function createNetwork(architecture: Architecture, layout: StepLayout, labelCount: number): Network {
  switch (architecture.kind) {
    case 'gru-attention':
      return new GruAttention(architecture, layout, labelCount);
    case 'gru':
    case 'lstm':
      return new RecurrentNetwork(architecture, layout, labelCount);
    case 'cnn':
    case 'cnn-lstm':
      return new ConvolutionalNetwork(architecture, layout, labelCount);
  }
}

/** Weights that are trained. */
export const parameterCount = ({ tensors }: Pick<Network, 'tensors'>): number =>
  tensors.reduce((sum, { shape, isStatistic }) => sum + (isStatistic ? 0 : elementCount(shape)), 0);
