import type { EmotionModel } from '@undertone/models';

/** What sessions and the batcher need to know of the model. */
export type StepModel = Pick<
  EmotionModel,
  'featureSpec' | 'stepFeatureCount' | 'stateSize' | 'outputCount' | 'stepMs' | 'initialState'
>;
