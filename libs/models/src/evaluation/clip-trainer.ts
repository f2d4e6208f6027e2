import type { Clip } from '../corpus/clip.ts';
import type { Listening, StreamedClips } from './stream-clips.ts';

/** Something that learns from clips; what cross-validation asks of a model. */
export interface ClipTrainer<Label extends string> {
  readonly name: string;
  /** Whether the seed changes the result. */
  readonly random: boolean;
  /** Classes in the order of the probabilities. */
  readonly labels: readonly Label[];
  /** Learns from `training` and nothing else: whatever must be chosen is chosen on these speakers. */
  fit(training: readonly Clip<Label>[], seed: number): Promise<ClipScorer<Label>>;
}

/** What has been learned. */
export interface ClipScorer<Label extends string> {
  /** What was chosen on the training speakers, for the report. */
  readonly chosen: Record<string, unknown>;
  score(clips: readonly Clip<Label>[], listening: Listening): Promise<StreamedClips>;
  close(): Promise<void>;
}
