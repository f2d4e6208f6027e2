import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expressions, identifierSchema, speakerRoleSchema } from '@undertone/wire';
import { z } from 'zod';

const turnSchema = z.object({
  /** Which of the script's speakers talks. */
  speaker: identifierSchema,
  /** FLAC file beside the script. */
  clip: z.string().regex(/^[\w-]+\.flac$/, 'must be a FLAC file beside the script'),
  /** Silence after the turn before; negative when this one interrupts it. */
  pauseMs: z.number().int().min(-2_000).max(60_000),
  /** How the corpus labels the clip. */
  expression: z.enum(expressions),
  sentence: z.string(),
});

const callScriptSchema = z
  .object({
    title: z.string(),
    speakers: z
      .array(z.object({ id: identifierSchema, name: z.string().min(1).max(80), role: speakerRoleSchema }))
      .min(1),
    /** Silence after the last turn, before the call is repeated. */
    closingPauseMs: z.number().int().min(0).max(60_000),
    phases: z.array(z.object({ phase: z.string(), turns: z.array(turnSchema).min(1) })).min(1),
  })
  .superRefine((script, context) => {
    const known = new Set(script.speakers.map(({ id }) => id));
    for (const { phase, turns } of script.phases) {
      for (const { speaker, clip } of turns) {
        if (!known.has(speaker))
          context.addIssue({
            code: 'custom',
            message: `${phase}: ${clip} is spoken by unknown "${speaker}"`,
          });
      }
    }
  });

/** A conversation put together from recorded turns: `test/fixtures/demo-call/script.json`. */
export type CallScript = z.infer<typeof callScriptSchema>;

/** @throws Error that names what is wrong in the script */
export function parseCallScript(text: string): CallScript {
  const parsed = callScriptSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`script.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

export const readCallScript = async (folder: string): Promise<CallScript> =>
  parseCallScript(await readFile(join(folder, 'script.json'), 'utf8'));
