import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { DASHBOARD_CONFIG, type DashboardConfig } from '../config.ts';

/** The web components for pages of others, and the page for streaming software (`libs/overlay`). */
@Controller()
export class OverlayController {
  readonly #folder: string;

  constructor(@Inject(DASHBOARD_CONFIG) { overlayFolder }: DashboardConfig) {
    this.#folder = overlayFolder;
  }

  /** Pages of the allowed origins may load it: the app's CORS holds here, too. */
  @Get('overlay.js')
  script(@Res() response: Response): void {
    this.#send(response, 'overlay.js');
  }

  @Get('overlay')
  page(@Res() response: Response): void {
    this.#send(response, 'overlay.html');
  }

  #send(response: Response, file: string): void {
    if (!existsSync(join(this.#folder, file))) {
      response
        .status(503)
        .type('text/plain')
        .send(
          'Undertone: the overlay is not built: run `npm run build:web` in the repository and load again\n',
        );
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(file, { root: this.#folder });
  }
}
