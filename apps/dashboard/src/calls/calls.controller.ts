import { Controller, Get, Inject, Param } from '@nestjs/common';
import { Problem } from '@undertone/http';
import type { CallSnapshot, CallSummary } from '@undertone/wire';
import { readRequest } from '../api/api-route.ts';
import { callRoutes } from './call-routes.ts';
import { LiveCalls } from './live-calls.ts';

@Controller('api/calls')
export class CallsController {
  readonly #calls: LiveCalls;

  constructor(@Inject(LiveCalls) calls: LiveCalls) {
    this.#calls = calls;
  }

  @Get()
  list(): CallSummary[] {
    return this.#calls.live().map((call) => call.summary(-1));
  }

  @Get(':id')
  get(@Param() params: unknown): CallSnapshot {
    const { id } = readRequest(callRoutes.get.params, params);
    const call = this.#calls.find(id);
    if (!call)
      throw new Problem(404, 'call-not-found', `no call ${id}: it ended some time ago or never began`);
    return call.snapshot();
  }
}
