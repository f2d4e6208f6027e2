import { callSnapshotSchema, callSummarySchema, identifierSchema } from '@undertone/wire';
import { z } from 'zod';
import { type ApiRoute, nothing } from '../api/api-route.ts';

/** The calls of now. */
export const callRoutes = {
  list: {
    method: 'get',
    path: '/api/calls',
    summary: 'Live calls, the most recently started first.',
    params: nothing,
    query: nothing,
    body: null,
    status: 200,
    answers: { 'application/json': z.array(callSummarySchema) },
    problems: {},
  },
  get: {
    method: 'get',
    path: '/api/calls/{id}',
    summary: 'One call, live or ended a short while ago, with every point in memory.',
    params: z.object({ id: identifierSchema }),
    query: nothing,
    body: null,
    status: 200,
    answers: { 'application/json': callSnapshotSchema },
    problems: { 400: ['request-malformed'], 404: ['call-not-found'] },
  },
} satisfies Record<string, ApiRoute>;
