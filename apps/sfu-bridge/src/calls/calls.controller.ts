import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post } from '@nestjs/common';
import { Problem } from '@undertone/http';
import {
  identifierSchema,
  type PlainSpeaker,
  plainSpeakerRequestSchema,
  type Speaker,
  speakerUpdateSchema,
} from '@undertone/wire';
import type { z } from 'zod';
import { prettifyError } from 'zod';
import { CLOCK, type Clock } from '../clock.ts';
import { LiveCalls } from './live-calls.ts';
import { PlainSpeakers } from './plain-speakers.ts';

/** One live call. */
interface CallListing {
  id: string;
  startedAtMs: number;
  speakers: Speaker[];
}

@Controller('calls')
export class CallsController {
  readonly #calls: LiveCalls;
  readonly #speakers: PlainSpeakers;
  readonly #clock: Clock;

  constructor(
    @Inject(LiveCalls) calls: LiveCalls,
    @Inject(PlainSpeakers) speakers: PlainSpeakers,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#calls = calls;
    this.#speakers = speakers;
    this.#clock = clock;
  }

  @Get()
  list(): CallListing[] {
    return Array.from(this.#calls.calls, (call) => ({
      id: call.id,
      startedAtMs: call.startedAtMs,
      speakers: Array.from(call.speakers, (each) => each.speaker),
    }));
  }

  @Post(':callId/speakers')
  add(@Param('callId') callId: string, @Body() body: unknown): Promise<PlainSpeaker> {
    const request = parse(plainSpeakerRequestSchema, body);
    return this.#speakers.add(parse(identifierSchema, callId), request, this.#clock());
  }

  @Patch(':callId/speakers/:speakerId')
  update(
    @Param('callId') callId: string,
    @Param('speakerId') speakerId: string,
    @Body() body: unknown,
  ): Promise<Speaker> {
    return this.#speakers.update(callId, speakerId, parse(speakerUpdateSchema, body));
  }

  @Delete(':callId/speakers/:speakerId')
  @HttpCode(204)
  remove(@Param('callId') callId: string, @Param('speakerId') speakerId: string): void {
    this.#speakers.remove(callId, speakerId);
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Problem(400, 'request-malformed', prettifyError(parsed.error));
  return parsed.data;
}
