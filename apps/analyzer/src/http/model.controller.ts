import { Body, Controller, Delete, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { Problem } from '@undertone/http';
import { precisions } from '@undertone/models';
import { z } from 'zod';
import { ModelDesk, type ModelRefusal, ModelRefused } from '../model/model-desk.ts';
import { AdminToken } from './admin-token.ts';
import { describeModel, describeShadow } from './model-description.ts';

const requestSchema = z.object({
  folder: z.string().min(1).max(4_096),
  precision: z.enum(precisions).optional(),
});

const statuses: Partial<Record<ModelRefusal, number>> = {
  'model-folder-refused': 403,
  'model-change-in-progress': 409,
};

/** Changes the model while calls run. */
@Controller('model')
export class ModelController {
  readonly #desk: ModelDesk;
  readonly #token: AdminToken;

  constructor(@Inject(ModelDesk) desk: ModelDesk, @Inject(AdminToken) token: AdminToken) {
    this.#desk = desk;
    this.#token = token;
  }

  /** Another model takes over; answers when it judges everyone. */
  @Post()
  @HttpCode(200)
  async activate(@Headers('authorization') authorization: string | undefined, @Body() body: unknown) {
    this.#token.check(authorization);
    const { folder, precision } = requestOf(body);
    await refusable(this.#desk.activate(folder, precision));
    return { model: describeModel(this.#desk.relay) };
  }

  /** A candidate listens along, in place of another. */
  @Post('shadow')
  @HttpCode(200)
  async shadow(@Headers('authorization') authorization: string | undefined, @Body() body: unknown) {
    this.#token.check(authorization);
    const { folder, precision } = requestOf(body);
    await refusable(this.#desk.shadowWith(folder, precision));
    return { shadow: describeShadow(this.#desk.shadow) };
  }

  /** The candidate listens no more. */
  @Delete('shadow')
  @HttpCode(204)
  async stopShadow(@Headers('authorization') authorization: string | undefined): Promise<void> {
    this.#token.check(authorization);
    await this.#desk.stopShadow();
  }
}

function requestOf(body: unknown): z.infer<typeof requestSchema> {
  const parsed = requestSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const unknownPrecision = parsed.error.issues.every(({ path }) => path[0] === 'precision');
  if (unknownPrecision)
    throw new Problem(400, 'precision-unknown', `precision is one of ${precisions.join(', ')}`);
  throw new Problem(400, 'folder-missing', 'send JSON with the folder of a model: {"folder": "…"}');
}

async function refusable(change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (error instanceof ModelRefused)
      throw new Problem(statuses[error.code] ?? 422, error.code, error.message);
    throw error;
  }
}
