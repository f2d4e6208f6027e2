import type { Clip } from '../corpus/clip.ts';
import type { ClipScorer } from './clip-trainer.ts';
import type { Combination } from './combination.ts';
import { combineClips } from './combine-clips.ts';
import type { JudgedClip } from './judged-clip.ts';
import type { Listening, StreamedClips } from './stream-clips.ts';

/** Several scorers as one. */
export class CombinedScorer<Label extends string> implements ClipScorer<Label> {
  readonly chosen: Record<string, unknown>;
  readonly temperature: number;
  readonly #members: readonly ClipScorer<Label>[];
  readonly #combination: Combination;
  readonly #validation: () => Promise<readonly JudgedClip[]>;

  /** @param validation what the combination says of clips that no member has learned from */
  constructor(
    members: readonly ClipScorer<Label>[],
    combination: Combination,
    chosen: Record<string, unknown>,
    validation: () => Promise<readonly JudgedClip[]>,
  ) {
    this.chosen = chosen;
    this.temperature = combination.temperature;
    this.#members = members;
    this.#combination = combination;
    this.#validation = validation;
  }

  /** Members agree on which clips can be read: all hear the same. */
  async score(clips: readonly Clip<Label>[], listening: Listening): Promise<StreamedClips> {
    const answers: StreamedClips[] = [];
    for (const member of this.#members) answers.push(await member.score(clips, listening));
    const judged = combineClips(
      answers.map((own) => own.judged),
      this.#combination,
    );
    return { skipped: answers[0].skipped, judged };
  }

  validation(): Promise<readonly JudgedClip[]> {
    return this.#validation();
  }

  async close(): Promise<void> {
    for (const member of this.#members) await member.close();
  }
}

/** Trains one member after the other; when one fails, the others are closed. */
export async function fitMembers<Label extends string>(
  members: Iterable<() => Promise<ClipScorer<Label>>>,
): Promise<ClipScorer<Label>[]> {
  const scorers: ClipScorer<Label>[] = [];
  try {
    for (const fit of members) scorers.push(await fit());
    return scorers;
  } catch (error) {
    for (const scorer of scorers) await scorer.close();
    throw error;
  }
}
