import type { Clip } from '../corpus/clip.ts';
import type { JudgedClip } from './judged-clip.ts';
import type { Listening, StreamedClips } from './stream-clips.ts';

/** Something that learns from clips; what cross-validation asks of a model. */
export interface ClipTrainer<Label extends string> {
  readonly name: string;
  /** Whether the seed changes the result. */
  readonly random: boolean;
  /** Classes in the order of the probabilities. */
  readonly labels: readonly Label[];
  /** Everything, as JSON, that decides besides clips and seed what is learned: tells stored predictions apart. */
  readonly setup: unknown;
  /**
   * Learns from `training`: whatever must be chosen is chosen on these speakers.
   * @param validation clips of further speakers to choose by, and not to be learned from; without them, the trainer
   * sets some of `training` aside where it needs to
   */
  fit(
    training: readonly Clip<Label>[],
    seed: number,
    validation?: readonly Clip<Label>[],
  ): Promise<ClipScorer<Label>>;
}

/** What has been learned. */
export interface ClipScorer<Label extends string> {
  /** What was chosen on the training speakers, for the report. */
  readonly chosen: Record<string, unknown>;
  /** Calibrates the answers: their logits were divided by it; 1 where none was fitted. */
  readonly temperature: number;
  score(clips: readonly Clip<Label>[], listening: Listening): Promise<StreamedClips>;
  /** Judges clips of training speakers, all or some, by models that did not learn from these speakers. */
  validation(): Promise<readonly JudgedClip[]>;
  close(): Promise<void>;
}
