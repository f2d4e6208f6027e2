import {
  createEngine,
  type EmotionEngine,
  loadModel,
  type Manifest,
  ModelError,
  type Precision,
} from '@undertone/models';
import type { AnalyzerConfig } from './config.ts';
import type { StepModel } from './session/step-model.ts';

/** The model as the analyzer shows and runs it. */
export type ServedModel = StepModel & {
  readonly precision: Precision;
  readonly manifest: Pick<Manifest, 'name' | 'files' | 'reference'>;
};

/** What the analyzer is built around: swapped for scripted ones in tests. */
export interface AnalyzerParts {
  model: ServedModel;
  engine: EmotionEngine;
}

/**
 * Loads the model, prepares the engine and runs it once, so that what is broken shows at the start.
 * @throws ModelError or the engine's own error
 */
export async function loadParts(
  config: Pick<AnalyzerConfig, 'modelFolder' | 'engine' | 'precision'>,
): Promise<AnalyzerParts> {
  const model = await loadModel(config.modelFolder, config.precision);
  const engine = await createEngine(model, config.engine);
  try {
    await runOnce(model, engine);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return { model, engine };
}

async function runOnce(model: StepModel, engine: EmotionEngine): Promise<void> {
  const batch = {
    steps: 1,
    speakers: 1,
    features: new Float32Array(model.stepFeatureCount),
    state: model.initialState(),
    outputs: new Float32Array(model.outputCount),
  };
  await engine.step(batch);
  if (!batch.outputs.every(Number.isFinite)) {
    throw new ModelError(
      'engine-unavailable',
      'the model gives no numbers for silence: its weights are broken',
    );
  }
}
