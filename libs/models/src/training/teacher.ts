import type { Clip } from '../corpus/clip.ts';
import type { CorpusLabel } from '../corpus/corpus-label.ts';

/** What a student is to learn from beside the labels. */
export interface Teacher {
  /** For the manifest: who taught. */
  readonly names: readonly string[];
  /**
   * @param labels classes in the order of the answers' [C]
   * @param heldOut the student's test speakers: who taught must not have learned from them
   * @returns [C] probabilities by file
   * @throws Error when the teacher knows other classes, has heard a speaker who is held out, or lacks a clip
   */
  answers(
    training: readonly Clip[],
    labels: readonly CorpusLabel[],
    heldOut: readonly string[],
  ): Promise<ReadonlyMap<string, Float32Array>>;
}

/** @throws Error when one of `heard` is held out from the student */
export function refuseHeldOut(teacher: string, heard: readonly string[], heldOut: readonly string[]): void {
  const leaked = heldOut.filter((speaker) => heard.includes(speaker));
  if (leaked.length === 0) return;
  throw new Error(
    `the teacher ${teacher} has heard ${leaked.join(', ')}, whom the student is tested on: hold out the same speakers from both`,
  );
}
