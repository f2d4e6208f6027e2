import { readFile } from 'node:fs/promises';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Problem } from '@undertone/http';
import { DASHBOARD_CONFIG, type DashboardConfig } from '../config.ts';

/** What the page needs to know of its surroundings, and what people should know of the model. */
@Controller()
export class AboutController {
  readonly #config: DashboardConfig;

  constructor(@Inject(DASHBOARD_CONFIG) config: DashboardConfig) {
    this.#config = config;
  }

  @Get('api/settings')
  settings(): { joinUrl: string; historyMs: number } {
    return { joinUrl: this.#config.joinUrl, historyMs: this.#config.historyMs };
  }

  @Get('model-card')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  async modelCard(): Promise<string> {
    try {
      return await readFile(this.#config.modelCardFile, 'utf8');
    } catch {
      throw new Problem(404, 'model-card-missing', 'this installation was packed without docs/model-card.md');
    }
  }
}
