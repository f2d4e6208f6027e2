import type { EmotionModel } from '../model/emotion-model.ts';
import { ModelError } from '../model/model-error.ts';
import type { StepBatch } from './emotion-engine.ts';

/** @throws ModelError `batch-malformed` when an array is too short for `steps` and `speakers` */
export function checkStepBatch(model: EmotionModel, batch: StepBatch): void {
  const { steps, speakers, features, state, outputs } = batch;
  const fits =
    Number.isInteger(steps) &&
    Number.isInteger(speakers) &&
    steps >= 1 &&
    speakers >= 1 &&
    features.length >= steps * speakers * model.stepFeatureCount &&
    state.length >= speakers * model.stateSize &&
    outputs.length >= steps * speakers * model.outputCount;
  if (!fits) {
    throw new ModelError(
      'batch-malformed',
      `${steps} steps of ${speakers} speakers need ${model.stepFeatureCount}, ${model.stateSize} and ${model.outputCount} floats each; got arrays of ${features.length}, ${state.length} and ${outputs.length}`,
    );
  }
}
