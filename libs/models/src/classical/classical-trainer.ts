import type { Clip, SkippedClip } from '../corpus/clip.ts';
import type { ClipScorer, ClipTrainer } from '../evaluation/clip-trainer.ts';
import { foldsOf } from '../evaluation/folds.ts';
import { type JudgedClip, smallestProbability, tempered } from '../evaluation/judged-clip.ts';
import { scoresOf } from '../evaluation/scores.ts';
import type { Listening, StreamedClips } from '../evaluation/stream-clips.ts';
import { corpusWeights, fitTemperature } from '../evaluation/temperature.ts';
import { stepsOf } from '../preprocessing/preprocessing.ts';
import type { Classifier, ClassifierKind, LabelledRows } from './classifier.ts';
import { FunctionalsReader } from './functionals-reader.ts';
import { fitProjection, type Projection, type ProjectionName } from './projection.ts';
import { fitStandardisation } from './standardisation.ts';
import { functionalNames } from './utterance-functionals.ts';

const namedImportances = 20;

/** A clip with its row of features. */
interface ReadClip<Label extends string> {
  clip: Clip<Label>;
  row: Float64Array;
}

/** What a classifier learns from, and the way that rows went to get there. */
interface Prepared {
  data: LabelledRows;
  project: Projection;
}

/** A way from rows to calibrated probabilities. */
interface Pipeline {
  classifier: Classifier;
  project: Projection;
  temperature: number;
}

/**
 * A classical baseline: utterance functionals, standardised on the training speakers, projected if asked for, and a
 * classifier. Its setting and its temperature are chosen by grouped cross-validation within the training speakers.
 */
export class ClassicalTrainer<Label extends string> implements ClipTrainer<Label> {
  readonly name: string;
  readonly random: boolean;
  readonly labels: readonly Label[];
  readonly setup: unknown;
  readonly #kind: ClassifierKind;
  readonly #projection: ProjectionName;
  readonly #reader: FunctionalsReader;

  constructor(
    kind: ClassifierKind,
    projection: ProjectionName,
    labels: readonly Label[],
    reader: FunctionalsReader,
  ) {
    const steps = stepsOf(reader.preprocessing);
    const name = projection === 'none' ? kind.name : `${projection}+${kind.name}`;
    this.name = steps.length === 0 ? name : `${name} after ${steps.join(', ')}`;
    this.random = kind.random;
    this.labels = labels;
    this.setup = {
      kind: kind.name,
      settings: kind.settings,
      projection,
      features: functionalNames,
      ...(steps.length > 0 && { preprocessing: reader.preprocessing }),
    };
    this.#kind = kind;
    this.#projection = projection;
    this.#reader = reader;
  }

  async fit(
    training: readonly Clip<Label>[],
    seed: number,
    validation?: readonly Clip<Label>[],
  ): Promise<ClipScorer<Label>> {
    const read: ReadClip<Label>[] = [];
    for (const clip of training) {
      // What can't be read is listed where it is to be scored: every clip is in one fold's test.
      const heard = await this.#reader.read(clip.file, {}).catch(() => null);
      if (heard?.row) read.push({ clip, row: heard.row });
    }
    const { setting, temperature } = await this.#choose(read, seed);
    const pipeline = await this.#train(this.#prepare(read), setting, seed, false);
    pipeline.temperature = temperature;
    return {
      chosen: { setting, temperature, ...this.#importance(pipeline.classifier) },
      temperature,
      score: (clips, listening) => this.#score(pipeline, clips, listening),
      validation: async () =>
        validation === undefined
          ? this.#judgeOutOfFold(read, setting, temperature, seed)
          : (await this.#score(pipeline, validation, {})).judged,
      close: async () => pipeline.classifier.free(),
    };
  }

  /** The setting with the best UAR on inner folds, and the temperature that calibrates its answers there. */
  async #choose(read: readonly ReadClip<Label>[], seed: number) {
    const tries = this.#kind.settings.map((setting) => ({ setting, judged: [] as JudgedClip[] }));
    if (tries.length > 1 || !this.#kind.calibratesItself) {
      for (const { test, rest } of innerFolds(read)) {
        const prepared = this.#prepare(rest);
        for (const { setting, judged } of tries) {
          const pipeline = await this.#train(prepared, setting, seed, true);
          judged.push(...this.#judgeRead(pipeline, test));
          pipeline.classifier.free();
        }
      }
    }
    const uar = ({ judged }: (typeof tries)[number]) => scoresOf(judged, this.labels.length).uar;
    const best = tries.reduce((first, other) => (uar(other) > uar(first) ? other : first));
    if (this.#kind.calibratesItself) return { setting: best.setting, temperature: 1 };
    const logits = Float32Array.from(
      best.judged.flatMap(({ probabilities: own }) =>
        Array.from(own!, (p) => Math.log(Math.max(smallestProbability, p))),
      ),
    );
    const labels = Int32Array.from(best.judged, ({ label }) => label);
    return { setting: best.setting, temperature: fitTemperature(logits, labels, corpusWeights(best.judged)) };
  }

  /** Every training clip, judged without its inner fold's speakers. */
  async #judgeOutOfFold(
    read: readonly ReadClip<Label>[],
    setting: number,
    temperature: number,
    seed: number,
  ): Promise<JudgedClip[]> {
    const judged: JudgedClip[] = [];
    for (const { test, rest } of innerFolds(read)) {
      const pipeline = await this.#train(this.#prepare(rest), setting, seed, false);
      judged.push(...this.#judgeRead({ ...pipeline, temperature }, test));
      pipeline.classifier.free();
    }
    return judged;
  }

  #judgeRead(pipeline: Pipeline, read: readonly ReadClip<Label>[]): JudgedClip[] {
    const answers = probabilities(
      pipeline,
      read.map(({ row }) => row),
    );
    return read.map(({ clip }, i) => this.#judged(clip, 0, answers[i]));
  }

  /** Standardises and projects. */
  #prepare(read: readonly ReadClip<Label>[]): Prepared {
    const standardise = fitStandardisation(read.map(({ row }) => row));
    const data: LabelledRows = {
      rows: read.map(({ row }) => standardise(row)),
      labels: read.map(({ clip }) => this.labels.indexOf(clip.label)),
      classes: this.labels.length,
    };
    const project = fitProjection(this.#projection, data);
    return {
      data: { ...data, rows: data.rows.map(project) },
      project: (row) => project(standardise(row)),
    };
  }

  async #train(
    { data, project }: Prepared,
    setting: number,
    seed: number,
    toChoose: boolean,
  ): Promise<Pipeline> {
    const classifier = await this.#kind.fit(data, setting, seed, toChoose);
    return { classifier, project, temperature: 1 };
  }

  async #score(
    pipeline: Pipeline,
    clips: readonly Clip<Label>[],
    listening: Listening,
  ): Promise<StreamedClips> {
    const judged: JudgedClip[] = [];
    const skipped: SkippedClip[] = [];
    for (const clip of clips) {
      try {
        const { moments, ...whole } = listening;
        const { row, seconds } = await this.#reader.read(clip.file, whole);
        const then = [];
        for (const moment of moments ?? []) {
          const upTo = Math.min(moment, whole.seconds ?? Number.POSITIVE_INFINITY);
          then.push(answer(pipeline, (await this.#reader.read(clip.file, { ...whole, seconds: upTo })).row));
        }
        judged.push({
          ...this.#judged(clip, seconds, answer(pipeline, row)),
          ...(moments && { moments: then }),
        });
      } catch (error) {
        skipped.push({ file: clip.file, reason: error instanceof Error ? error.message : String(error) });
      }
    }
    return { judged, skipped };
  }

  #judged(clip: Clip<Label>, seconds: number, answer: Float32Array | null): JudgedClip {
    const { file, speaker, dataset, gender, label } = clip;
    return {
      file,
      speaker,
      dataset,
      gender,
      seconds,
      label: this.labels.indexOf(label),
      probabilities: answer,
    };
  }

  /** The features that decide most, where the classifier knows and sees them unprojected. */
  #importance({ importance }: Classifier): { importance?: Record<string, number> } {
    if (importance === null || this.#projection !== 'none') return {};
    const ranked = functionalNames
      .map((name, i): [string, number] => [name, Number(importance[i].toFixed(4))])
      .sort(([, a], [, b]) => b - a);
    return { importance: Object.fromEntries(ranked.slice(0, namedImportances)) };
  }
}

const answer = (pipeline: Pipeline, row: Float64Array | null) =>
  row === null ? null : probabilities(pipeline, [row])[0];

function probabilities(
  { classifier, project, temperature }: Pipeline,
  rows: readonly Float64Array[],
): Float32Array[] {
  const answers = classifier.probabilities(rows.map(project));
  return temperature === 1 ? answers : answers.map((own) => tempered(own, temperature));
}

/** Five folds of the training speakers. */
function innerFolds<Label extends string>(read: readonly ReadClip<Label>[]) {
  const folds = foldsOf(
    'grouped-cv',
    read.map(({ clip }) => clip),
  );
  return folds.map((held) => ({
    test: read.filter(({ clip }) => held.includes(clip.speaker)),
    rest: read.filter(({ clip }) => !held.includes(clip.speaker)),
  }));
}
