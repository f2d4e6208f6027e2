import { createHash } from 'node:crypto';
import { dirname, relative, sep } from 'node:path';
import { z } from 'zod';
import type { Clip } from '../corpus/clip.ts';
import { channelNames } from '../preprocessing/channel.ts';
import type { ClipTrainer } from './clip-trainer.ts';
import { crossProtocols, foldsOf } from './folds.ts';
import type { CrossPlan } from './judge-folds.ts';
import { sessionNames } from './session.ts';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** Where stored predictions come from. Two files are parts of one cross-validation if they agree on all of it. */
export const predictionSourceSchema = z.object({
  model: z.string(),
  /** Whether the seed changes anything. */
  random: z.boolean(),
  labels: z.array(z.string()).min(2),
  /** SHA-256 of the trainer's setup, as JSON. */
  setup: sha256Schema,
  /** SHA-256 of what is known of all clips: their files, speakers, classes. */
  data: sha256Schema,
  protocol: z.enum(crossProtocols),
  /** How many folds the protocol makes of the data. */
  folds: z.int().positive(),
  channels: z.array(z.enum(channelNames)).min(1),
  seconds: z.number().positive().nullable(),
  session: z.enum(sessionNames).default('clip'),
  /** In seconds of speech, of the clips' `moments`. */
  moments: z.array(z.number().positive()),
});
export type PredictionSource = z.infer<typeof predictionSourceSchema>;

/** What a cross-validation of `trainer` on `clips` would write beside its predictions. */
export function predictionSource<Label extends string>(
  { name, random, labels, setup }: ClipTrainer<Label>,
  clips: readonly Clip<Label>[],
  { protocol, channels, seconds, session, moments }: CrossPlan,
): PredictionSource {
  return {
    model: name,
    random,
    labels: [...labels],
    setup: sha256(JSON.stringify(setup)),
    data: clipsHash(clips),
    protocol,
    folds: foldsOf(protocol, clips).length,
    channels: [...channels],
    seconds: seconds ?? null,
    session: session ?? 'clip',
    moments: [...moments],
  };
}

/** SHA-256 of what is known of the clips, the same wherever their folders lie. */
export function clipsHash(clips: readonly Clip<string>[]): string {
  const root = commonFolder(clips);
  const known = clips
    .map(({ file, dataset, speaker, label }) =>
      JSON.stringify([relativeFile(root, file), dataset, speaker, label]),
    )
    .sort();
  return sha256(known.join('\n'));
}

/** The deepest folder that holds all clips: paths below it are the same on every machine. */
export function commonFolder(clips: readonly { file: string }[]): string {
  let common = dirname(clips[0].file);
  for (const { file } of clips)
    while (common !== dirname(common) && !file.startsWith(common + sep)) common = dirname(common);
  return common;
}

/** With `/`. */
export const relativeFile = (folder: string, file: string) => relative(folder, file).replaceAll(sep, '/');

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
