import type { CorpusLabel } from './corpus-label.ts';

/** One labelled recording of one speaker. */
export interface Clip<Label extends string = CorpusLabel> {
  /** Absolute path. */
  file: string;
  dataset: string;
  /** Unique over all datasets. */
  speaker: string;
  gender: string;
  language: string;
  label: Label;
}

/** A clip that was left out, and why. */
export interface SkippedClip {
  file: string;
  reason: string;
}

/** What a corpus folder holds. */
export interface Corpus<Label extends string = CorpusLabel> {
  folder: string;
  clips: Clip<Label>[];
  skipped: SkippedClip[];
}
