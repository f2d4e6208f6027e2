import { Body, Controller, Delete, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { AdminToken } from '../http/admin-token.ts';
import { readModelRequest } from '../http/model-request.ts';
import { AnalyzerWorkers } from './analyzer-workers.ts';

/** Changes the model of all workers while calls run; the requests of `ModelController`. */
@Controller('model')
export class WorkersModelController {
  readonly #workers: AnalyzerWorkers;
  readonly #token: AdminToken;

  constructor(@Inject(AnalyzerWorkers) workers: AnalyzerWorkers, @Inject(AdminToken) token: AdminToken) {
    this.#workers = workers;
    this.#token = token;
  }

  @Post()
  @HttpCode(200)
  activate(@Headers('authorization') authorization: string | undefined, @Body() body: unknown) {
    return this.#change('/model', authorization, body);
  }

  @Post('shadow')
  @HttpCode(200)
  shadow(@Headers('authorization') authorization: string | undefined, @Body() body: unknown) {
    return this.#change('/model/shadow', authorization, body);
  }

  @Delete('shadow')
  @HttpCode(204)
  async stopShadow(@Headers('authorization') authorization: string | undefined): Promise<void> {
    this.#token.check(authorization);
    await this.#workers.stopShadow();
  }

  async #change(path: '/model' | '/model/shadow', authorization: string | undefined, body: unknown) {
    this.#token.check(authorization);
    const { folder, precision } = readModelRequest(body);
    return this.#workers.change(path, { folder, ...(precision !== undefined && { precision }) });
  }
}
