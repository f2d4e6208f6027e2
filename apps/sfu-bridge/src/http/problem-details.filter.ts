import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { CallError, type CallErrorCode } from '../calls/call-error.ts';

/** An expected failure of a REST request, with a stable code. */
export class Problem extends HttpException {
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail, status);
    this.code = code;
  }
}

const titles: Record<number, string> = {
  400: 'Bad Request',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

const callErrorStatus: Partial<Record<CallErrorCode, number>> = {
  'call-full': 409,
  'speaker-exists': 409,
  'speaker-not-found': 404,
  'media-unavailable': 503,
};

/** Every error leaves as problem details (RFC 9457); the unexpected ones are logged and keep their cause to themselves. */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = asProblem(error);
    if (!problem) this.#log.error({ err: error }, 'request failed');
    const status = problem?.getStatus() ?? 500;
    const title = titles[status] ?? 'Error';
    const code = problem instanceof Problem ? problem.code : title.toLowerCase().replaceAll(' ', '-');
    response
      .status(status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: `urn:undertone:problem:${code}`,
          title,
          status,
          code,
          detail: problem?.message ?? 'the request failed; the log of the bridge says why',
          instance: request.path,
        }),
      );
  }
}

function asProblem(error: unknown): HttpException | null {
  if (error instanceof HttpException) return error;
  const status = error instanceof CallError ? callErrorStatus[error.code] : undefined;
  if (error instanceof CallError && status !== undefined)
    return new Problem(status, error.code, error.message);
  return null;
}
