import { Problem } from '@undertone/http';
import { z } from 'zod';

/** One REST route, for those who call it: what it takes, what it answers. Controllers read requests through it. */
export interface ApiRoute {
  method: 'get' | 'post' | 'put' | 'delete';
  /** Parameters in braces, as OpenAPI writes them. */
  path: string;
  summary: string;
  params: z.ZodObject;
  query: z.ZodObject;
  body: z.ZodType | null;
  status: 200 | 201 | 204;
  /** By media type; empty for 204. */
  answers: Record<string, z.ZodType>;
  /** Codes of the problems that it answers, by status. */
  problems: Record<number, string[]>;
}

/** Of a route that takes no parameters. */
export const nothing = z.object({});

/**
 * Reads one part of a request.
 * @throws Problem 400 `request-malformed` that names what is wrong
 */
export function readRequest<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Problem(400, 'request-malformed', z.prettifyError(parsed.error));
  return parsed.data;
}
