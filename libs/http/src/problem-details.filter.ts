import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { Problem } from './problem.ts';

/** What an app's own errors are as problems; null for those that nobody expected. */
export type ProblemOf = (error: unknown) => Problem | null;

/** RFC 9110 §15.5.14 and §15.5.21 renamed these; Node still has the old names. */
const renamed: Record<number, string> = { 413: 'Content Too Large', 422: 'Unprocessable Content' };

/** Every error leaves as problem details (RFC 9457); the unexpected ones are logged and keep their cause to themselves. */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  readonly #app: string;
  readonly #log: Logger;
  readonly #problemOf: ProblemOf;

  constructor(app: string, log: Logger, problemOf: ProblemOf) {
    this.#app = app;
    this.#log = log;
    this.#problemOf = problemOf;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const expected = error instanceof HttpException ? error : this.#problemOf(error);
    if (!expected) this.#log.error({ err: error }, 'request failed');
    const status = expected?.getStatus() ?? 500;
    const title = renamed[status] ?? STATUS_CODES[status] ?? 'Error';
    const code = expected instanceof Problem ? expected.code : title.toLowerCase().replaceAll(' ', '-');
    const detail = expected?.message ?? `the request failed; the log of the ${this.#app} says why`;
    response
      .status(status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: `urn:undertone:problem:${code}`,
          title,
          status,
          code,
          detail,
          instance: request.path,
        }),
      );
  }
}
