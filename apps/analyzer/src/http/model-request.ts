import { Problem } from '@undertone/http';
import { precisions } from '@undertone/models';
import { z } from 'zod';

const modelRequestSchema = z.object({
  folder: z.string().min(1).max(4_096),
  precision: z.enum(precisions).optional(),
});

/** The body of a request that names a model. @throws Problem `folder-missing`, `precision-unknown` */
export function readModelRequest(body: unknown): z.infer<typeof modelRequestSchema> {
  const parsed = modelRequestSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const unknownPrecision = parsed.error.issues.every(({ path }) => path[0] === 'precision');
  if (unknownPrecision)
    throw new Problem(400, 'precision-unknown', `precision is one of ${precisions.join(', ')}`);
  throw new Problem(400, 'folder-missing', 'send JSON with the folder of a model: {"folder": "…"}');
}
