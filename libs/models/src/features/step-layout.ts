import {
  type FeatureSpec,
  frameFeatureCount,
  spectrumFeatureCount,
  stepFeatureCount,
} from './feature-spec.ts';

/** How the F floats of a step are laid out: frame by frame, of each first its spectrum, then the other features. */
export interface StepLayout {
  frames: number;
  /** Of the frames, those before the step's own; none where absent. */
  contextFrames?: number;
  /** Spectra of a frame, one after the other: with Δ and ΔΔ, where the spec asks for them, two or three. */
  planes: number;
  /** Floats of each. */
  bands: number;
  /** Floats after them. */
  others: number;
}

export function stepLayout(spec: FeatureSpec): StepLayout {
  const bands = spectrumFeatureCount(spec);
  const planes = 1 + (spec.deltas ?? 0);
  const floats = frameFeatureCount(spec);
  return {
    frames: stepFeatureCount(spec) / floats,
    contextFrames: spec.contextFrames ?? 0,
    planes,
    bands,
    others: floats - planes * bands,
  };
}

/** F */
export const stepFloats = ({ frames, planes, bands, others }: StepLayout): number =>
  frames * (planes * bands + others);
