import type { Alert } from '@undertone/wire';

/** An alert about a call as a whole that lasts and that nobody has seen to, unless told otherwise. */
export const scriptedAlert = (overrides: Partial<Alert> = {}): Alert => ({
  alertId: '00000000-0000-4000-8000-00000000000a',
  ruleId: 'r',
  ruleName: 'A rule',
  severity: 'notice',
  condition: { kind: 'silence', forMs: 3_000 },
  recordId: '00000000-0000-4000-8000-000000000001',
  callId: 'c',
  speakerId: null,
  firedAtMs: 1_000,
  fromMs: 0,
  untilMs: null,
  acknowledgedAtMs: null,
  snoozedUntilMs: null,
  notes: [],
  ...overrides,
});
