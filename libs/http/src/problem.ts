import { HttpException } from '@nestjs/common';

/** An expected failure of a request, with a stable code. */
export class Problem extends HttpException {
  readonly code: string;

  /** @param detail what is wrong and what to do */
  constructor(status: number, code: string, detail: string) {
    super(detail, status);
    this.code = code;
  }
}
