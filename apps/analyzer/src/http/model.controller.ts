import { Body, Controller, Delete, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { Problem } from '@undertone/http';
import { ModelDesk, type ModelRefusal, ModelRefused } from '../model/model-desk.ts';
import { AdminToken } from './admin-token.ts';
import { describeModel, describeShadow } from './model-description.ts';
import { readModelRequest } from './model-request.ts';

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
    const { folder, precision } = readModelRequest(body);
    await refusable(this.#desk.activate(folder, precision));
    return { model: describeModel(this.#desk.relay) };
  }

  /** A candidate listens along, in place of another. */
  @Post('shadow')
  @HttpCode(200)
  async shadow(@Headers('authorization') authorization: string | undefined, @Body() body: unknown) {
    this.#token.check(authorization);
    const { folder, precision } = readModelRequest(body);
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

async function refusable(change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (error instanceof ModelRefused)
      throw new Problem(statuses[error.code] ?? 422, error.code, error.message);
    throw error;
  }
}
