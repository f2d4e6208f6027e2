import { Body, Controller, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { Problem } from '@undertone/http';
import type { Alert, AlertPage } from '@undertone/wire';
import { readRequest } from '../api/api-route.ts';
import { HistoryRecorder } from '../history/history-recorder.ts';
import { HISTORY_STORE, type HistoryStore } from '../history/history-store.ts';
import { AlertDesk } from './alert-desk.ts';
import { alertRoutes } from './alert-routes.ts';

@Controller('api/alerts')
export class AlertsController {
  readonly #desk: AlertDesk;
  readonly #store: HistoryStore;
  readonly #recorder: HistoryRecorder;

  constructor(
    @Inject(AlertDesk) desk: AlertDesk,
    @Inject(HISTORY_STORE) store: HistoryStore,
    @Inject(HistoryRecorder) recorder: HistoryRecorder,
  ) {
    this.#desk = desk;
    this.#store = store;
    this.#recorder = recorder;
  }

  @Get()
  list(@Query() query: unknown): Promise<AlertPage> {
    return this.#store.alerts(readRequest(alertRoutes.list.query, query));
  }

  @Get(':alertId')
  get(@Param() params: unknown): Promise<Alert> {
    return this.#find(params);
  }

  @Put(':alertId/acknowledgement')
  async acknowledge(@Param() params: unknown): Promise<Alert> {
    return this.#kept(this.#desk.acknowledge(await this.#find(params)));
  }

  @Put(':alertId/snooze')
  async snooze(@Param() params: unknown, @Body() body: unknown): Promise<Alert> {
    const { forMs } = readRequest(alertRoutes.snooze.body, body);
    return this.#kept(this.#desk.snooze(await this.#find(params), forMs));
  }

  @Post(':alertId/notes')
  async note(@Param() params: unknown, @Body() body: unknown): Promise<Alert> {
    const { text } = readRequest(alertRoutes.note.body, body);
    const alert = this.#desk.note(await this.#find(params), text);
    if (!alert) throw new Problem(409, 'too-many-notes', 'this alert has as many notes as it may');
    return this.#kept(alert);
  }

  async #find(params: unknown): Promise<Alert> {
    const { alertId } = readRequest(alertRoutes.get.params, params);
    const alert = this.#desk.find(alertId) ?? (await this.#store.alert(alertId));
    if (!alert) throw new Problem(404, 'alert-not-found', `no alert ${alertId} is kept`);
    // It may have changed, or come to hand, while the history was asked.
    return this.#desk.find(alertId) ?? alert;
  }

  /** What was said is on disk before it is answered. */
  async #kept(alert: Alert): Promise<Alert> {
    await this.#recorder.settled();
    return alert;
  }
}
