import type { Clip } from '../corpus/clip.ts';
import type { ClipScorer, ClipTrainer } from './clip-trainer.ts';
import { Combination } from './combination.ts';
import { combineAnswered } from './combine-clips.ts';
import { CombinedScorer, fitMembers } from './combined-scorer.ts';
import { foldsOf } from './folds.ts';
import type { JudgedClip } from './judged-clip.ts';

/** Apart from the seeds that people name. */
const seedStep = 1_000;

/**
 * A bag of one trainer's models (Breiman 1996; here over speakers instead of bootstrap samples, as cross-validation
 * committees do: Parmanto et al. 1996): model k learns from the training speakers without inner fold k mod 5, which it
 * chooses by, under a seed of its own; the answer is the mean. What each says of its own inner fold calibrates the bag:
 * the weights stay equal, since every model has been judged by other speakers.
 */
export class BaggingTrainer<Label extends string> implements ClipTrainer<Label> {
  readonly name: string;
  readonly random: boolean;
  readonly labels: readonly Label[];
  readonly setup: unknown;
  readonly #member: ClipTrainer<Label>;
  readonly #models: number;

  constructor(member: ClipTrainer<Label>, models: number) {
    this.name = `bag of ${models} ${member.name}`;
    this.random = member.random;
    this.labels = member.labels;
    this.setup = { models, member: member.setup };
    this.#member = member;
    this.#models = models;
  }

  async fit(
    training: readonly Clip<Label>[],
    seed: number,
    validation?: readonly Clip<Label>[],
  ): Promise<ClipScorer<Label>> {
    const inner = foldsOf('grouped-cv', training);
    const scorers = await fitMembers(
      Array.from({ length: this.#models }, (_, k) => () => {
        const held = inner[k % inner.length];
        const [own, rest] = [true, false].map((isHeld) =>
          training.filter(({ speaker }) => held.includes(speaker) === isHeld),
        );
        return this.#member.fit(rest, seed + seedStep * k, own);
      }),
    );
    const judged: (readonly JudgedClip[])[] = [];
    for (const scorer of scorers) judged.push(await scorer.validation());
    const combination = Combination.ofBag(judged);
    const chosen = { temperature: combination.temperature, models: scorers.map((own) => own.chosen) };
    const scorer: CombinedScorer<Label> = new CombinedScorer(scorers, combination, chosen, async () =>
      validation === undefined
        ? combineAnswered(judged, combination)
        : (await scorer.score(validation, {})).judged,
    );
    return scorer;
  }
}
