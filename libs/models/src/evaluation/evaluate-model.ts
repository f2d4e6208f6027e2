import type { Corpus, SkippedClip } from '../corpus/clip.ts';
import { withLabels } from '../corpus/label-choice.ts';
import type { EngineKind } from '../engine/emotion-engine.ts';
import type { EmotionModel } from '../model/emotion-model.ts';
import type { OfflineModel } from '../model/offline-model.ts';
import type { ChannelName } from '../preprocessing/channel.ts';
import { type ClipJudge, createClipJudge } from './clip-judge.ts';
import { uncalibrated } from './judged-clip.ts';
import { type HeardClips, inOrderOf, type ListeningReport, reportListening } from './listening-report.ts';
import { reportScores, type ScoreReport } from './score-report.ts';
import type { SessionName } from './session.ts';

/** Whom to score: every speaker of the data, or those named, or (default) those who had no part in the training. */
type SpeakerChoice = 'unseen' | 'all' | readonly string[];

export interface EvaluationOptions {
  engine: EngineKind;
  /** What the audio goes through; the scores are those of the first. */
  channels: readonly ChannelName[];
  /** Only the first seconds of speech of each clip. */
  seconds?: number | undefined;
  /** How clips follow each other; `clip` unless said otherwise. */
  session?: SessionName | undefined;
  /** Answers that are asked for on the way, after so many seconds of speech. */
  moments: readonly number[];
  speakers: SpeakerChoice;
}

/** What `npm run evaluate -- --json` prints. */
export interface EvaluationReport extends ScoreReport, ListeningReport {
  model: string;
  protocol: 'pooled';
  mode: ClipJudge['mode'];
  engine: string;
  /** Of the weights. */
  precision: string;
  channel: string;
  speakers: { scored: string[]; inTraining: string[]; inValidation: string[]; leftOut: string[] };
  seconds: number | null;
  session: SessionName;
  skipped: SkippedClip[];
}

/**
 * Scores `model` on `data`, the product's kind in streaming mode; clips of classes that it lacks are listed as skipped.
 * @throws Error when no speaker is left to score, or a named one is not in the data
 */
export async function evaluateModel(
  model: EmotionModel | OfflineModel,
  data: readonly Corpus[],
  options: EvaluationOptions,
): Promise<EvaluationReport> {
  const { labels } = model;
  const corpora = data.map((corpus) => withLabels(corpus, labels));
  const clips = corpora.flatMap((corpus) => corpus.clips);
  const { training, validation } = model.manifest.training.speakers;
  const everyone = [...new Set(clips.map(({ speaker }) => speaker))].sort();
  const chosen = choose(everyone, options.speakers, [...training, ...validation]);
  const judge = await createClipJudge(model, options.engine);
  try {
    const own = clips.filter(({ speaker }) => chosen.includes(speaker));
    const heard: HeardClips[] = [];
    const skipped: SkippedClip[] = [];
    for (const channel of options.channels) {
      const result = await judge.judge(own, { ...options, channel });
      if (result.judged.length === 0) throw new Error('none of the clips could be read');
      heard.push({ channel, judged: inOrderOf(heard[0]?.judged ?? result.judged, result.judged) });
      if (heard.length === 1) skipped.push(...result.skipped);
    }
    const [{ channel, judged }] = heard;
    return {
      model: model.manifest.name,
      protocol: 'pooled',
      mode: judge.mode,
      engine: judge.engine,
      precision: model.precision,
      channel,
      ...reportScores(
        judged,
        judged.map((clip) => uncalibrated(clip, model.manifest.temperature)),
        labels,
        1,
      ),
      ...reportListening(heard, options.moments, labels.length),
      speakers: {
        scored: chosen,
        inTraining: chosen.filter((speaker) => training.includes(speaker)),
        inValidation: chosen.filter((speaker) => validation.includes(speaker)),
        leftOut: everyone.filter((speaker) => !chosen.includes(speaker)),
      },
      seconds: options.seconds ?? null,
      session: options.session ?? 'clip',
      skipped: [...corpora.flatMap((corpus) => corpus.skipped), ...skipped],
    };
  } finally {
    await judge.close();
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
