import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Registry } from 'prom-client';
import { HEALTH, type Health, type HealthReport } from './health.ts';
import { Metrics } from './metrics.ts';

/** What whoever runs an app asks of it. Needs `HEALTH` and `Metrics` from the app's module. */
@Controller()
export class OperationsController {
  readonly #health: Health;
  readonly #metrics: Metrics;

  constructor(@Inject(HEALTH) health: Health, @Inject(Metrics) metrics: Metrics) {
    this.#health = health;
    this.#metrics = metrics;
  }

  @Get('health')
  health(): HealthReport | Promise<HealthReport> {
    return this.#health.report();
  }

  @Get('ready')
  async ready() {
    const obstacle = await this.#health.obstacle();
    if (obstacle) throw obstacle;
    return { status: 'ready' };
  }

  @Get('metrics')
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.#metrics.read();
  }
}
