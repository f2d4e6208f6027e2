import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { WebPage } from './web-page.ts';

/** The pages that the browser's own router draws: all of them are `index.html`. */
@Controller()
export class PageController {
  readonly #page: WebPage;

  constructor(@Inject(WebPage) page: WebPage) {
    this.#page = page;
  }

  @Get(['', 'calls/:id'])
  page(@Res() response: Response): void {
    if (!this.#page.built) {
      response.status(503).type('text/plain').send(`Undertone: ${this.#page.howToBuild}\n`);
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: this.#page.folder });
  }
}
