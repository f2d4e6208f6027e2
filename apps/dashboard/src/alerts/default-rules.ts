import type { AlertRule } from '@undertone/wire';

const minute = 60_000;

/** The rules of an installation that has not written its own. */
export const defaultRules: AlertRule[] = [
  {
    id: 'sounds-angry',
    name: 'Sounds angry',
    enabled: true,
    severity: 'critical',
    roles: [],
    cooldownMs: minute,
    condition: {
      kind: 'expression',
      expressions: ['angry', 'disgust'],
      enter: 0.6,
      clear: 0.4,
      minConfidence: 0.4,
      forMs: 6_000,
    },
  },
  {
    id: 'sounds-unpleasant',
    name: 'Sounds unpleasant for long',
    enabled: true,
    severity: 'warning',
    roles: [],
    cooldownMs: minute,
    condition: {
      kind: 'affect',
      axis: 'valence',
      direction: 'below',
      enter: -0.4,
      clear: -0.2,
      minConfidence: 0.3,
      forMs: 15_000,
    },
  },
  {
    id: 'worse-than-usual',
    name: 'Sounds worse than this speaker usually does',
    enabled: true,
    severity: 'warning',
    roles: [],
    cooldownMs: minute,
    condition: {
      kind: 'change',
      axis: 'valence',
      direction: 'below',
      enter: -2,
      clear: -1,
      minConfidence: 0.3,
      forMs: 6_000,
    },
  },
  {
    id: 'talk-over',
    name: 'Both talk at once',
    enabled: true,
    severity: 'notice',
    roles: [],
    cooldownMs: minute,
    condition: { kind: 'talk-over', forMs: 3_000 },
  },
  {
    id: 'long-silence',
    name: 'Nobody speaks',
    enabled: true,
    severity: 'notice',
    roles: [],
    cooldownMs: minute,
    condition: { kind: 'silence', forMs: 20_000 },
  },
];
