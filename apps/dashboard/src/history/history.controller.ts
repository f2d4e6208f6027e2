import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { Problem } from '@undertone/http';
import type { CallRecord, CallRecordPage, CallReport, PointPage } from '@undertone/wire';
import type { Response } from 'express';
import { readRequest } from '../api/api-route.ts';
import { CallExport } from './call-export.ts';
import { historyRoutes } from './history-routes.ts';
import { HISTORY_STORE, type HistoryStore } from './history-store.ts';

@Controller('api/history')
export class HistoryController {
  readonly #store: HistoryStore;

  constructor(@Inject(HISTORY_STORE) store: HistoryStore) {
    this.#store = store;
  }

  @Get()
  list(@Query() query: unknown): Promise<CallRecordPage> {
    return this.#store.calls(readRequest(historyRoutes.list.query, query));
  }

  @Get(':recordId')
  get(@Param() params: unknown): Promise<CallRecord> {
    return this.#record(readRequest(historyRoutes.get.params, params).recordId);
  }

  @Get(':recordId/speakers/:speakerId/points')
  async points(@Param() params: unknown, @Query() query: unknown): Promise<PointPage> {
    const { recordId, speakerId } = readRequest(historyRoutes.points.params, params);
    const asked = readRequest(historyRoutes.points.query, query);
    await this.#record(recordId);
    return this.#store.points({ recordId, speakerId, ...asked });
  }

  @Get(':recordId/report')
  async report(@Param() params: unknown): Promise<CallReport> {
    const { recordId } = readRequest(historyRoutes.report.params, params);
    return (await this.#store.report(recordId)) ?? notFound(recordId);
  }

  @Get(':recordId/export')
  async export(@Param() params: unknown, @Query() query: unknown, @Res() response: Response): Promise<void> {
    const { recordId } = readRequest(historyRoutes.export.params, params);
    const { format, stepMs } = readRequest(historyRoutes.export.query, query);
    const record = await this.#record(recordId);
    const day = new Date(record.startedAtMs).toISOString().slice(0, 10);
    response.type(format === 'csv' ? 'text/csv' : 'application/json');
    response.attachment(`${record.callId}_${day}.${format}`);
    const file = new CallExport(this.#store, record, stepMs);
    try {
      await pipeline(Readable.from(format === 'csv' ? file.csv() : file.json()), response);
    } catch {
      // The caller left, or the history failed half-way: the connection is cut, so that nobody takes a part for the whole.
      response.destroy();
    }
  }

  async #record(recordId: string): Promise<CallRecord> {
    return (await this.#store.call(recordId)) ?? notFound(recordId);
  }
}

function notFound(recordId: string): never {
  throw new Problem(
    404,
    'record-not-found',
    `no call ${recordId} is kept: it was removed for its age or never was`,
  );
}
