import { z } from 'zod';
import { WireError } from './wire-error.ts';

/**
 * Parses one JSON text message and checks it against its schema.
 * @throws WireError `message-malformed`, naming the first offending field
 */
export function parseMessage<Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new WireError('message-malformed', 'the message is not JSON');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new WireError('message-malformed', z.prettifyError(parsed.error));
  return parsed.data;
}
