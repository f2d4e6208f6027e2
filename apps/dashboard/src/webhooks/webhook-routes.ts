import { webhookDeliverySchema } from '@undertone/wire';
import { z } from 'zod';
import { type ApiRoute, nothing } from '../api/api-route.ts';

/** Webhooks that did not arrive. */
export const webhookRoutes = {
  dead: {
    method: 'get',
    path: '/api/webhooks/dead',
    summary: 'Deliveries that were given up, the oldest first.',
    params: nothing,
    query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
    body: null,
    status: 200,
    answers: { 'application/json': z.array(webhookDeliverySchema) },
    problems: { 400: ['request-malformed'], 503: ['history-unavailable'] },
  },
  retry: {
    method: 'post',
    path: '/api/webhooks/dead/{deliveryId}/retry',
    summary: 'Begins anew with one of them.',
    params: z.object({ deliveryId: z.uuid() }),
    query: nothing,
    body: null,
    status: 200,
    answers: { 'application/json': webhookDeliverySchema },
    problems: {
      400: ['request-malformed'],
      404: ['delivery-not-found'],
      409: ['delivery-not-dead'],
      503: ['history-unavailable'],
    },
  },
} satisfies Record<string, ApiRoute>;
