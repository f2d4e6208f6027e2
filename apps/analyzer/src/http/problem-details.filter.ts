import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** An expected failure of a request, with a stable code. */
export class Problem extends HttpException {
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail, status);
    this.code = code;
  }
}

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
    const expected = error instanceof HttpException;
    if (!expected) this.#log.error({ err: error }, 'request failed');
    const status = expected ? error.getStatus() : 500;
    const title = titles[status] ?? 'Error';
    const code = error instanceof Problem ? error.code : title.toLowerCase().replaceAll(' ', '-');
    const detail = expected ? error.message : 'the request failed; the log of the analyzer says why';
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
