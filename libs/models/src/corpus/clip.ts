import type { EmotionLabel } from '../model/emotion-label.ts';

/** One labelled recording of one speaker. */
export interface Clip {
  /** Absolute path. */
  file: string;
  dataset: string;
  /** Unique over all datasets. */
  speaker: string;
  gender: string;
  language: string;
  label: EmotionLabel;
}

/** A clip that was left out, and why. */
export interface SkippedClip {
  file: string;
  reason: string;
}

/** What a corpus folder holds. */
export interface Corpus {
  folder: string;
  clips: Clip[];
  skipped: SkippedClip[];
}
