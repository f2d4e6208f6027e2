import {
  callRecordPageSchema,
  callRecordSchema,
  callReportSchema,
  identifierSchema,
  pointPageSchema,
} from '@undertone/wire';
import { z } from 'zod';
import { type ApiRoute, nothing } from '../api/api-route.ts';

const recordParams = z.object({ recordId: z.uuid() });
const moment = z.coerce.number();
/** From five points a second to one in an hour. */
const stepMs = z.coerce.number().int().min(200).max(3_600_000);
const recordProblems = {
  400: ['request-malformed'],
  404: ['record-not-found'],
  503: ['history-unavailable'],
};

/** Calls of now and before, as long as they are kept. */
export const historyRoutes = {
  list: {
    method: 'get',
    path: '/api/history',
    summary: 'Calls that are kept, live ones included, the most recently started first.',
    params: nothing,
    query: z.object({
      callId: identifierSchema.optional(),
      text: z.string().min(1).max(80).optional(),
      startedFromMs: moment.optional(),
      startedBeforeMs: moment.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
      cursor: z.string().max(200).optional(),
    }),
    body: null,
    status: 200,
    answers: { 'application/json': callRecordPageSchema },
    problems: { 400: ['request-malformed', 'cursor-malformed'], 503: ['history-unavailable'] },
  },
  get: {
    method: 'get',
    path: '/api/history/{recordId}',
    summary: 'One call and who was in it.',
    params: recordParams,
    query: nothing,
    body: null,
    status: 200,
    answers: { 'application/json': callRecordSchema },
    problems: recordProblems,
  },
  points: {
    method: 'get',
    path: '/api/history/{recordId}/speakers/{speakerId}/points',
    summary: 'Points of one speaker, oldest first; with `stepMs` averaged over steps of that length.',
    params: recordParams.extend({ speakerId: identifierSchema }),
    query: z.object({
      afterMs: moment.optional(),
      untilMs: moment.optional(),
      stepMs: stepMs.optional(),
      limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
    }),
    body: null,
    status: 200,
    answers: { 'application/json': pointPageSchema },
    problems: recordProblems,
  },
  report: {
    method: 'get',
    path: '/api/history/{recordId}/report',
    summary: 'A call summed up: speech, expressions, means, overlap and silence.',
    params: recordParams,
    query: nothing,
    body: null,
    status: 200,
    answers: { 'application/json': callReportSchema },
    problems: recordProblems,
  },
  export: {
    method: 'get',
    path: '/api/history/{recordId}/export',
    summary: 'All points of a call as a file: CSV, a line for each point, or JSON.',
    params: recordParams,
    query: z.object({ format: z.enum(['csv', 'json']).default('csv'), stepMs: stepMs.optional() }),
    body: null,
    status: 200,
    answers: {
      'text/csv': z.string(),
      'application/json': z.object({
        call: callRecordSchema,
        speakers: z.array(z.object({ speakerId: identifierSchema, points: pointPageSchema.shape.points })),
      }),
    },
    problems: recordProblems,
  },
} satisfies Record<string, ApiRoute>;
