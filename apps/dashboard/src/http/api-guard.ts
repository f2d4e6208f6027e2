import { Problem } from '@undertone/http';
import type { NextFunction, Request, Response } from 'express';
import type { Clock } from '../clock.ts';
import { TokenBucket } from '../token-bucket.ts';
import { isOriginAllowed } from './allowed-origin.ts';

export interface ApiLimits {
  requestsPerSecond: number;
  burst: number;
  /** Addresses whose requests are counted at once; when there are more, all counts begin anew. */
  maxAddresses: number;
}

/**
 * Stands before all of `/api`: no address asks without end, no page of another origin changes anything, and nobody on
 * the way keeps an answer.
 */
export class ApiGuard {
  readonly refusals = { 'too-many-requests': 0, 'origin-not-allowed': 0 };
  readonly #allowedOrigins: readonly string[];
  readonly #clock: Clock;
  readonly #limits: ApiLimits;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(allowedOrigins: readonly string[], clock: Clock, limits: ApiLimits) {
    this.#allowedOrigins = allowedOrigins;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Express middleware. */
  readonly check = (request: Request, response: Response, next: NextFunction): void => {
    response.setHeader('Cache-Control', 'no-store');
    if (!this.#bucketOf(request.socket.remoteAddress ?? '').take()) {
      this.refusals['too-many-requests']++;
      response.setHeader('Retry-After', '1');
      next(new Problem(429, 'too-many-requests', 'ask again in a second'));
      return;
    }
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!reads && !isOriginAllowed(request.headers, this.#allowedOrigins)) {
      this.refusals['origin-not-allowed']++;
      next(
        new Problem(
          403,
          'origin-not-allowed',
          'pages of other origins may change nothing here, unless ALLOWED_ORIGINS names them',
        ),
      );
      return;
    }
    next();
  };

  #bucketOf(address: string): TokenBucket {
    let bucket = this.#buckets.get(address);
    if (!bucket) {
      if (this.#buckets.size >= this.#limits.maxAddresses) this.#buckets.clear();
      bucket = new TokenBucket(this.#clock, this.#limits.requestsPerSecond, this.#limits.burst);
      this.#buckets.set(address, bucket);
    }
    return bucket;
  }
}
