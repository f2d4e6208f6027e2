import { pretrainedFolder } from '../model/load-model.ts';

/** The folder that `--model` names. */
export const modelFolder = (model: string): string => (model === 'pretrained' ? pretrainedFolder : model);
