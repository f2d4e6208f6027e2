import {
  alertPageSchema,
  alertRulesSchema,
  alertSchema,
  alertTrialResultSchema,
  alertTrialSchema,
} from '@undertone/wire';
import { z } from 'zod';
import { type ApiRoute, nothing } from '../api/api-route.ts';

const alertParams = z.object({ alertId: z.uuid() });
const alertProblems = {
  400: ['request-malformed'],
  404: ['alert-not-found'],
  503: ['history-unavailable'],
};
/** What the routes of one alert have in common. */
const oneAlert = {
  params: alertParams,
  query: nothing,
  status: 200 as const,
  answers: { 'application/json': alertSchema },
  problems: alertProblems,
};
const revised = z.object({ ...alertRulesSchema.shape, revision: z.string() });

/** What the rules found, and the rules. */
export const alertRoutes = {
  list: {
    method: 'get',
    path: '/api/alerts',
    summary: 'Alerts that are kept, the newest first.',
    params: nothing,
    query: z.object({
      recordId: z.uuid().optional(),
      open: z.stringbool().default(false),
      limit: z.coerce.number().int().min(1).max(500).default(50),
      cursor: z.string().max(200).optional(),
    }),
    body: null,
    status: 200,
    answers: { 'application/json': alertPageSchema },
    problems: { 400: ['request-malformed', 'cursor-malformed'], 503: ['history-unavailable'] },
  },
  get: {
    ...oneAlert,
    method: 'get',
    path: '/api/alerts/{alertId}',
    summary: 'One alert.',
    body: null,
  },
  acknowledge: {
    ...oneAlert,
    method: 'put',
    path: '/api/alerts/{alertId}/acknowledgement',
    summary: 'Somebody has seen to it. Answers when that is kept.',
    body: null,
  },
  snooze: {
    ...oneAlert,
    method: 'put',
    path: '/api/alerts/{alertId}/snooze',
    summary: 'Be quiet about it, and about the same rule and voice, for a while. Answers when that is kept.',
    body: z.object({ forMs: z.number().int().min(1_000).max(86_400_000) }),
  },
  note: {
    ...oneAlert,
    method: 'post',
    path: '/api/alerts/{alertId}/notes',
    summary: 'Adds a note. Answers when it is kept.',
    body: z.object({ text: z.string().trim().min(1).max(1_000) }),
    status: 201,
    problems: { ...alertProblems, 409: ['too-many-notes'] },
  },
  rules: {
    method: 'get',
    path: '/api/alert-rules',
    summary: 'The rules, and their revision.',
    params: nothing,
    query: nothing,
    body: null,
    status: 200,
    answers: { 'application/json': revised },
    problems: {},
  },
  replaceRules: {
    method: 'put',
    path: '/api/alert-rules',
    summary: 'Puts other rules in their place, if nobody else did since `revision`. They hold at once.',
    params: nothing,
    query: nothing,
    body: z.intersection(alertRulesSchema, z.object({ revision: z.string() })),
    status: 200,
    answers: { 'application/json': revised },
    problems: { 400: ['request-malformed'], 409: ['rules-changed'] },
  },
  tryRule: {
    method: 'post',
    path: '/api/alert-trials',
    summary: 'When a rule would have fired in a call that is kept. Changes nothing.',
    params: nothing,
    query: nothing,
    body: alertTrialSchema,
    status: 200,
    answers: { 'application/json': alertTrialResultSchema },
    problems: { 400: ['request-malformed'], 404: ['record-not-found'], 503: ['history-unavailable'] },
  },
} satisfies Record<string, ApiRoute>;
