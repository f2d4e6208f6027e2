import {
  type FeatureSpec,
  frameFeatureCount,
  spectrumFeatureCount,
  stepFeatureCount,
} from './feature-spec.ts';

/** How the F floats of a step are laid out: frame by frame, of each first its spectrum, then the other features. */
export interface StepLayout {
  frames: number;
  /** Spectra of a frame, one after the other. */
  planes: number;
  /** Floats of each. */
  bands: number;
  /** Floats after them. */
  others: number;
}

export function stepLayout(spec: FeatureSpec): StepLayout {
  const bands = spectrumFeatureCount(spec);
  const floats = frameFeatureCount(spec);
  return { frames: stepFeatureCount(spec) / floats, planes: 1, bands, others: floats - bands };
}

/** F */
export const stepFloats = ({ frames, planes, bands, others }: StepLayout): number =>
  frames * (planes * bands + others);
