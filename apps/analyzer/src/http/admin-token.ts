import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '@undertone/http';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The bearer token (RFC 6750) that changes of the model need. */
export class AdminToken {
  readonly #token: string | undefined;

  /** @param token undefined: nobody may */
  constructor(token: string | undefined) {
    this.#token = token;
  }

  /** @throws Problem 403 where no token is configured, 401 where `authorization` does not carry it */
  check(authorization: string | undefined): void {
    if (this.#token === undefined) {
      throw new Problem(
        403,
        'model-changes-disabled',
        'models can be changed only where ANALYZER_ADMIN_TOKEN is set: start the analyzer with it and send it as a bearer token',
      );
    }
    const sent = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    // Digests have one length, and comparing them takes the same time wherever they differ.
    if (!timingSafeEqual(digest(sent), digest(this.#token))) {
      throw new Problem(
        401,
        'token-required',
        'send the value of ANALYZER_ADMIN_TOKEN: Authorization: Bearer …',
      );
    }
  }
}
