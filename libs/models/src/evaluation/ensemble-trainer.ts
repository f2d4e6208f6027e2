import type { Clip } from '../corpus/clip.ts';
import type { ClipScorer, ClipTrainer } from './clip-trainer.ts';
import { Combination, type CombinationName } from './combination.ts';
import { combineClips } from './combine-clips.ts';
import { CombinedScorer, fitMembers } from './combined-scorer.ts';
import type { JudgedClip } from './judged-clip.ts';

/** Several trainers as one: their answers are combined, with weights and a temperature from validation clips. */
export class EnsembleTrainer<Label extends string> implements ClipTrainer<Label> {
  readonly name: string;
  readonly random: boolean;
  readonly labels: readonly Label[];
  readonly setup: unknown;
  readonly #members: readonly ClipTrainer<Label>[];
  readonly #method: CombinationName;

  /** @throws Error when members tell other classes apart */
  constructor(members: readonly ClipTrainer<Label>[], method: CombinationName) {
    this.name = `${method} of ${members.map(({ name }) => name).join(', ')}`;
    this.random = members.some(({ random }) => random);
    this.labels = members[0].labels;
    this.setup = { method, members: members.map(({ setup }) => setup) };
    for (const { name, labels } of members)
      if (labels.join() !== this.labels.join())
        throw new Error(
          `${name} tells ${labels.join(', ')} apart, ${members[0].name} ${this.labels.join(', ')}`,
        );
    this.#members = members;
    this.#method = method;
  }

  async fit(
    training: readonly Clip<Label>[],
    seed: number,
    validation?: readonly Clip<Label>[],
  ): Promise<ClipScorer<Label>> {
    const scorers = await fitMembers(
      this.#members.map((member) => () => member.fit(training, seed, validation)),
    );
    const judged: (readonly JudgedClip[])[] = [];
    for (const scorer of scorers) judged.push(await scorer.validation());
    const combination = Combination.fit(this.#method, judged, this.labels.length);
    const { weights, temperature } = combination;
    const members = this.#members.map(({ name }, i) => ({ name, ...scorers[i].chosen }));
    return new CombinedScorer(scorers, combination, { weights, temperature, members }, async () => {
      const common = judged.map((own) => new Set(own.map(({ file }) => file)));
      const ofAll = judged.map((own) => own.filter(({ file }) => common.every((files) => files.has(file))));
      return combineClips(ofAll, combination);
    });
  }
}
