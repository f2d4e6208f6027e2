import { z } from 'zod';
import { alertRoutes } from '../alerts/alert-routes.ts';
import { callRoutes } from '../calls/call-routes.ts';
import { historyRoutes } from '../history/history-routes.ts';
import { webhookRoutes } from '../webhooks/webhook-routes.ts';
import { type ApiRoute, nothing } from './api-route.ts';

const document = (path: string, summary: string): ApiRoute => ({
  method: 'get',
  path,
  summary,
  params: nothing,
  query: nothing,
  body: null,
  status: 200,
  answers: { 'application/json': z.record(z.string(), z.unknown()) },
  problems: {},
});

/** Every route below `/api`. */
export const apiRoutes: readonly ApiRoute[] = [
  ...Object.values(callRoutes),
  ...Object.values(historyRoutes),
  ...Object.values(alertRoutes),
  ...Object.values(webhookRoutes),
  {
    ...document('/api/settings', 'What the page needs to know of its surroundings.'),
    answers: { 'application/json': z.object({ joinUrl: z.url(), historyMs: z.number() }) },
  },
  document('/api/openapi.json', 'This document.'),
  document('/api/asyncapi.json', 'The socket interface as AsyncAPI.'),
];
