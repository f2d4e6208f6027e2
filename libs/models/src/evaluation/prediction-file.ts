import { z } from 'zod';
import { type ChannelName, channelNames } from '../preprocessing/channel.ts';
import type { JudgedClip } from './judged-clip.ts';
import type { JudgedFold } from './judged-fold.ts';
import { type PredictionSource, predictionSourceSchema } from './prediction-source.ts';

/** The first line of a file. */
const headSchema = z.object({
  format: z.literal('undertone-predictions/1'),
  source: predictionSourceSchema,
  fold: z.int().min(0),
  seed: z.int(),
  training: z.array(z.string()),
  test: z.array(z.string()),
  chosen: z.record(z.string(), z.unknown()),
  temperature: z.number().positive(),
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })),
  /** Lines that follow. */
  clips: z.int().min(0),
});

const probabilitiesSchema = z.array(z.number().min(0)).nullable();

/** Every further line. */
const clipSchema = z.object({
  part: z.enum([...channelNames, 'validation']),
  file: z.string(),
  speaker: z.string(),
  dataset: z.string(),
  gender: z.string(),
  seconds: z.number(),
  label: z.string(),
  probabilities: probabilitiesSchema,
  moments: z.array(probabilitiesSchema).optional(),
});

/** One fold as JSON lines: what it is, then a line for each judged clip. Probabilities have seven digits. */
export function formatPredictions(
  source: PredictionSource,
  { heard, validation, ...fold }: JudgedFold,
): string {
  const line = (part: ChannelName | 'validation', { label, probabilities, moments, ...clip }: JudgedClip) =>
    JSON.stringify({
      part,
      ...clip,
      label: source.labels[label],
      probabilities: rounded(probabilities),
      moments: moments?.map(rounded),
    });
  const lines = [
    ...heard.flatMap(({ channel, judged }) => judged.map((clip) => line(channel, clip))),
    ...validation.map((clip) => line('validation', clip)),
  ];
  const head = { format: 'undertone-predictions/1', source, ...fold, clips: lines.length };
  return `${[JSON.stringify(head), ...lines].join('\n')}\n`;
}

/** @throws Error naming `path` and the line that is not as it should be */
export function parsePredictions(
  text: string,
  path: string,
): { source: PredictionSource; judged: JudgedFold } {
  const [first, ...lines] = text.split('\n').filter((line) => line !== '');
  const { format: _format, source, clips, ...fold } = parsed(headSchema, first ?? '', `${path}:1`);
  if (lines.length !== clips) {
    throw new Error(`${path} should have ${clips} clips and has ${lines.length}: judge its fold again`);
  }
  const judged: JudgedFold = {
    ...fold,
    heard: source.channels.map((channel) => ({ channel, judged: [] })),
    validation: [],
  };
  for (const [i, line] of lines.entries()) {
    const where = `${path}:${i + 2}`;
    const { part, label: name, probabilities, moments, ...clip } = parsed(clipSchema, line, where);
    const label = source.labels.indexOf(name);
    const target =
      part === 'validation'
        ? judged.validation
        : judged.heard.find(({ channel }) => channel === part)?.judged;
    const answers = [probabilities, ...(moments ?? [])];
    if (
      target === undefined ||
      label < 0 ||
      answers.some((own) => own !== null && own.length !== source.labels.length) ||
      (part !== 'validation' && answers.length !== 1 + source.moments.length)
    )
      throw new Error(`${where} does not fit the first line of its file`);
    const [last, ...then] = answers.map((own) => own && Float32Array.from(own));
    target.push({ ...clip, label, probabilities: last, ...(moments && { moments: then }) });
  }
  return { source, judged };
}

const rounded = (probabilities: Float32Array | null) =>
  probabilities && Array.from(probabilities, (p) => Number(p.toPrecision(7)));

function parsed<Schema extends z.ZodType>(schema: Schema, line: string, where: string): z.infer<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new Error(`${where} is not JSON: these are no stored predictions`, { cause });
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new Error(`${where} is no stored prediction:\n${z.prettifyError(result.error)}`);
}
