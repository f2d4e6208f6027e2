import { Controller, Get, Inject, Param } from '@nestjs/common';
import { Problem } from '@undertone/http';
import { type CallSnapshot, type CallSummary, watchCallSchema } from '@undertone/wire';
import { LiveCalls } from './live-calls.ts';

@Controller('api/calls')
export class CallsController {
  readonly #calls: LiveCalls;

  constructor(@Inject(LiveCalls) calls: LiveCalls) {
    this.#calls = calls;
  }

  /** Live calls, the most recently started first. */
  @Get()
  list(): CallSummary[] {
    return this.#calls.live().map((call) => call.summary(-1));
  }

  /** One call, live or ended a short while ago, with every point that is kept. */
  @Get(':id')
  get(@Param('id') id: string): CallSnapshot {
    const parsed = watchCallSchema.safeParse({ callId: id });
    if (!parsed.success) throw new Problem(400, 'identifier-malformed', parsed.error.issues[0].message);
    const call = this.#calls.find(id);
    if (!call)
      throw new Problem(404, 'call-not-found', `no call ${id}: it ended some time ago or never began`);
    return call.snapshot();
  }
}
