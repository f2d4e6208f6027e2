import type { Clip } from '../corpus/clip.ts';
import type { ClipScorer, ClipTrainer } from './clip-trainer.ts';
import type { JudgedClip } from './judged-clip.ts';
import type { Listening, StreamedClips } from './stream-clips.ts';

/** Several trainers as one: their probabilities are averaged. */
export class EnsembleTrainer<Label extends string> implements ClipTrainer<Label> {
  readonly name: string;
  readonly random: boolean;
  readonly labels: readonly Label[];
  readonly #members: readonly ClipTrainer<Label>[];

  constructor(members: readonly ClipTrainer<Label>[]) {
    this.name = `mean of ${members.map(({ name }) => name).join(', ')}`;
    this.random = members.some(({ random }) => random);
    this.labels = members[0].labels;
    this.#members = members;
  }

  async fit(training: readonly Clip<Label>[], seed: number): Promise<ClipScorer<Label>> {
    const scorers: ClipScorer<Label>[] = [];
    for (const member of this.#members) scorers.push(await member.fit(training, seed));
    return {
      chosen: Object.fromEntries(this.#members.map(({ name }, i) => [name, scorers[i].chosen])),
      score: (clips, listening) => averaged(scorers, clips, listening),
      close: async () => {
        for (const scorer of scorers) await scorer.close();
      },
    };
  }
}

/** Members agree on which clips can be read, and on which hold speech: all hear the same. */
async function averaged<Label extends string>(
  scorers: readonly ClipScorer<Label>[],
  clips: readonly Clip<Label>[],
  listening: Listening,
): Promise<StreamedClips> {
  const answers: StreamedClips[] = [];
  for (const scorer of scorers) answers.push(await scorer.score(clips, listening));
  const [first] = answers;
  return {
    skipped: first.skipped,
    judged: first.judged.map((clip, i): JudgedClip => {
      if (clip.probabilities === null) return clip;
      const probabilities = clip.probabilities.map(
        (_, c) => answers.reduce((sum, { judged }) => sum + judged[i].probabilities![c], 0) / answers.length,
      );
      return { ...clip, probabilities };
    }),
  };
}
