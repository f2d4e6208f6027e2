import type { EmotionModel } from '../model/emotion-model.ts';
import { ModelError } from '../model/model-error.ts';
import type { EmotionEngine, EngineKind } from './emotion-engine.ts';

/**
 * Loads the engine's library (only the one asked for) and prepares `model` on it.
 * @throws ModelError `engine-unavailable` when the library is missing or can't run the model, `precision-unavailable` when
 * it runs no weights of the model's precision
 */
export async function createEngine(model: EmotionModel, kind: EngineKind): Promise<EmotionEngine> {
  if (kind !== 'onnx' && model.precision !== 'float32') {
    throw new ModelError(
      'precision-unavailable',
      `the ${kind} engine runs float32 weights only: use the onnx engine for ${model.precision}`,
    );
  }
  try {
    switch (kind) {
      case 'onnx': {
        const { OnnxEngine } = await import('./onnx-engine.ts');
        return await OnnxEngine.create(model);
      }
      case 'webgpu': {
        const { WebgpuEngine } = await import('./webgpu-engine.ts');
        return await WebgpuEngine.create(model);
      }
      case 'tfjs':
      case 'tfjs-gpu': {
        const { TfjsEngine } = await import('./tfjs-engine.ts');
        return await TfjsEngine.create(model, kind === 'tfjs-gpu');
      }
    }
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError('engine-unavailable', `the ${kind} engine can't run this model: ${reason}`, {
      cause,
    });
  }
}
