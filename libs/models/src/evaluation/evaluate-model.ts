import type { Corpus, SkippedClip } from '../corpus/clip.ts';
import { createEngine } from '../engine/create-engine.ts';
import type { EngineKind } from '../engine/emotion-engine.ts';
import { emotionLabels } from '../model/emotion-label.ts';
import type { EmotionModel } from '../model/emotion-model.ts';
import { type Estimate, type EstimatedScores, estimateScores } from './bootstrap.ts';
import { scoresOf } from './scores.ts';
import { streamClips } from './stream-clips.ts';

/** Whom to score: every speaker of the data, or those named, or (default) those who had no part in the training. */
type SpeakerChoice = 'unseen' | 'all' | readonly string[];

export interface EvaluationOptions {
  engine: EngineKind;
  speakers: SpeakerChoice;
  /** Only the first seconds of speech of each clip. */
  seconds?: number | undefined;
}

/** What `npm run evaluate -- --json` prints. */
export interface EvaluationReport extends EstimatedScores {
  model: string;
  protocol: 'pooled';
  engine: string;
  /** Clips scored. */
  n: number;
  labels: readonly string[];
  /** By label; null for a class that the data does not have. */
  perClassRecall: Record<string, number | null>;
  /** [true label][decided label], the last column without an answer. */
  confusion: number[][];
  speakers: { scored: string[]; inTraining: string[]; inValidation: string[]; leftOut: string[] };
  seconds: number | null;
  skipped: SkippedClip[];
}

/**
 * Scores `model` on `corpora` in streaming mode.
 * @throws Error when no speaker is left to score, or a named one is not in the data
 */
export async function evaluateModel(
  model: EmotionModel,
  corpora: readonly Corpus[],
  options: EvaluationOptions,
): Promise<EvaluationReport> {
  const clips = corpora.flatMap((corpus) => corpus.clips);
  const { training, validation } = model.manifest.training.speakers;
  const everyone = [...new Set(clips.map(({ speaker }) => speaker))].sort();
  const chosen = choose(everyone, options.speakers, [...training, ...validation]);
  const engine = await createEngine(model, options.engine);
  try {
    const { judged, skipped } = await streamClips(
      model,
      engine,
      clips.filter(({ speaker }) => chosen.includes(speaker)),
      options.seconds,
    );
    if (judged.length === 0) throw new Error('none of the clips could be read');
    const scores = scoresOf(judged, emotionLabels.length);
    return {
      model: model.manifest.name,
      protocol: 'pooled',
      engine: engine.name,
      n: judged.length,
      labels: emotionLabels,
      ...estimateScores(judged, emotionLabels.length),
      perClassRecall: Object.fromEntries(emotionLabels.map((label, c) => [label, scores.recall[c]])),
      confusion: scores.confusion,
      speakers: {
        scored: chosen,
        inTraining: chosen.filter((speaker) => training.includes(speaker)),
        inValidation: chosen.filter((speaker) => validation.includes(speaker)),
        leftOut: everyone.filter((speaker) => !chosen.includes(speaker)),
      },
      seconds: options.seconds ?? null,
      skipped: [...corpora.flatMap((corpus) => corpus.skipped), ...skipped],
    };
  } finally {
    await engine.close();
  }
}

function choose(everyone: string[], choice: SpeakerChoice, seen: readonly string[]): string[] {
  if (choice === 'all') return everyone;
  if (choice !== 'unseen') {
    const unknown = choice.filter((speaker) => !everyone.includes(speaker));
    if (unknown.length > 0) throw new Error(`the data has no speaker ${unknown.join(', ')}`);
    return [...choice].sort();
  }
  const unseen = everyone.filter((speaker) => !seen.includes(speaker));
  if (unseen.length === 0) {
    throw new Error(
      'every speaker of this data was in the model’s training or validation: a score would say nothing of new voices. Use --speakers all to have it all the same',
    );
  }
  return unseen;
}

/** One line per score, for people. */
export function describe(report: EvaluationReport): string {
  const line = (name: string, { value, low, high }: Estimate) =>
    `${name.padEnd(10)} ${value.toFixed(3)}  (95 % ${low.toFixed(3)}–${high.toFixed(3)})`;
  const { scored, inTraining, inValidation, leftOut } = report.speakers;
  return [
    `${report.model} on ${report.n} clips of ${scored.length} speakers, streaming, ${report.engine}`,
    line('UAR', report.uar),
    line('accuracy', report.accuracy),
    line('macro F1', report.macroF1),
    line('ECE', report.ece),
    ...Object.entries(report.perClassRecall).map(
      ([label, recall]) => `  ${label.padEnd(10)} ${recall === null ? 'not in the data' : recall.toFixed(3)}`,
    ),
    `speakers who were in training: ${inTraining.join(', ') || 'none'}; in validation: ${inValidation.join(', ') || 'none'}; left out: ${leftOut.length}`,
    `clips skipped: ${report.skipped.length}`,
  ].join('\n');
}
