import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { JoinPage } from './join-page.ts';

/** The page on which people join a call with their microphone. Its assets are served as files. */
@Controller()
export class JoinPageController {
  readonly #page: JoinPage;

  constructor(@Inject(JoinPage) page: JoinPage) {
    this.#page = page;
  }

  @Get('join')
  page(@Res() response: Response): void {
    if (!this.#page.built) {
      response.status(503).type('text/plain').send(`Undertone: ${this.#page.howToBuild}\n`);
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: this.#page.folder });
  }
}
