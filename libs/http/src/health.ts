import type { Problem } from './problem.ts';

export interface HealthReport {
  /** `degraded`: the process lives, and something that it needs is missing for now. */
  status: 'ok' | 'degraded';
  name: string;
  details: object;
}

/** What an app says about itself. */
export interface Health {
  /** `GET /health`, answered with 200 as long as the process lives. */
  report(): HealthReport | Promise<HealthReport>;
  /**
   * `GET /ready`: why the app can't do its work just now; null if it can. What the app sends to counts, what sends to it
   * doesn't: two parts that each waited for the other's readiness would wait for ever.
   */
  obstacle(): Problem | null | Promise<Problem | null>;
}

/** Injection token of the app's `Health`. */
export const HEALTH = Symbol('health');
