import { z } from 'zod';

/** How every REST error is answered, as `application/problem+json`: problem details (RFC 9457) with a stable `code`. */
export const problemDetailsSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** Programs rely on it and not on the words. */
  code: z.string(),
  detail: z.string(),
  instance: z.string(),
});
