import { createEngine, type EmotionEngine, loadModel, type Manifest } from '@undertone/models';
import type { AnalyzerConfig } from './config.ts';
import type { StepModel } from './session/step-model.ts';

/** The model as the analyzer shows and runs it. */
export type ServedModel = StepModel & { readonly manifest: Pick<Manifest, 'name' | 'files'> };

/** What the analyzer is built around: swapped for scripted ones in tests. */
export interface AnalyzerParts {
  model: ServedModel;
  engine: EmotionEngine;
}

/** Injection tokens. */
export const MODEL = Symbol('model');
export const ENGINE = Symbol('engine');

/**
 * Loads the model, prepares the engine and runs it once, so that what is broken shows at the start.
 * @throws ModelError or the engine's own error
 */
export async function loadParts(config: AnalyzerConfig): Promise<AnalyzerParts> {
  const model = await loadModel(config.modelFolder);
  const engine = await createEngine(model, config.engine);
  await engine.step({
    steps: 1,
    speakers: 1,
    features: new Float32Array(model.stepFeatureCount),
    state: model.initialState(),
    outputs: new Float32Array(model.outputCount),
  });
  return { model, engine };
}
