import type { Clip } from '../corpus/clip.ts';
import type { CorpusLabel } from '../corpus/corpus-label.ts';
import type { ClipScorer, ClipTrainer } from './clip-trainer.ts';
import type { NetworkTrainer } from './network-trainer.ts';

/** A trainer that can be taught. */
type Student = Pick<NetworkTrainer, 'name' | 'labels' | 'setup' | 'fit'>;

/**
 * A network that learns from a teacher, both from the same training speakers: the teacher is trained first, and what it
 * says of each clip without having learned from its speaker becomes part of the student's target. The teacher must
 * validate on every training speaker, as bags of all inner folds and baselines do.
 */
export class DistillingTrainer implements ClipTrainer<CorpusLabel> {
  readonly name: string;
  readonly random = true;
  readonly labels: readonly CorpusLabel[];
  readonly setup: unknown;
  readonly #teacher: ClipTrainer<CorpusLabel>;
  readonly #student: Student;

  /** @throws Error when the two tell other classes apart */
  constructor(teacher: ClipTrainer<CorpusLabel>, student: Student) {
    if (teacher.labels.join() !== student.labels.join())
      throw new Error(`${teacher.name} tells other classes apart than ${student.name}`);
    this.name = `${student.name} taught by ${teacher.name}`;
    this.labels = student.labels;
    this.setup = { teacher: teacher.setup, student: student.setup };
    this.#teacher = teacher;
    this.#student = student;
  }

  async fit(
    training: readonly Clip[],
    seed: number,
    validation?: readonly Clip[],
  ): Promise<ClipScorer<CorpusLabel>> {
    const teacher = await this.#teacher.fit(training, seed);
    try {
      const judged = await teacher.validation();
      const answers = new Map(
        judged.flatMap(({ file, probabilities }) => (probabilities ? [[file, probabilities]] : [])),
      );
      return await this.#student.fit(training, seed, validation, {
        names: [this.#teacher.name],
        answers: async () => answers,
      });
    } finally {
      await teacher.close();
    }
  }
}
