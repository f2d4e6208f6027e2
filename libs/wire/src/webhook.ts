import { z } from 'zod';
import { alertSchema } from './alert.ts';

/** The body of every webhook. `type` says what happened to the alert. */
export const webhookEventSchema = z.object({
  type: z.enum(['alert.fired', 'alert.ended']),
  timestamp: z.iso.datetime(),
  data: alertSchema,
});
export type WebhookEvent = z.infer<typeof webhookEventSchema>;

/** One webhook on its way, or dead. A delivery that arrived is not kept. */
export const webhookDeliverySchema = z.object({
  /** The header `webhook-id`: the same at every attempt. */
  deliveryId: z.uuid(),
  alertId: z.uuid(),
  url: z.url(),
  event: webhookEventSchema,
  createdAtMs: z.number(),
  attempts: z.number().int(),
  /** When it is tried next; null if it is given up. */
  nextAtMs: z.number().nullable(),
  /** Why the last attempt failed; null before the first. */
  problem: z.string().nullable(),
});
export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>;
