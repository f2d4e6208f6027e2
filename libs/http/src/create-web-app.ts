import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { LoggerModule, Logger as NestLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import { OperationsController } from './operations.controller.ts';
import { ProblemDetailsFilter, type ProblemOf } from './problem-details.filter.ts';

/**
 * A Nest application with what every app of ours has: `/health`, `/ready` and `/metrics`, errors as problem details, one log.
 * @param name as problem details call the app
 * @param module provides `HEALTH` and `Metrics`
 * @param problemOf translates the app's own errors
 * @throws Error of a provider that can't be made
 */
export async function createWebApp(
  name: string,
  module: DynamicModule,
  log: Logger,
  problemOf: ProblemOf = () => null,
): Promise<NestExpressApplication> {
  const { imports = [], controllers = [] } = module;
  const app = await NestFactory.create<NestExpressApplication>(
    {
      ...module,
      // Requests are not logged: their paths and addresses say who is in which call.
      imports: [...imports, LoggerModule.forRoot({ pinoHttp: { logger: log, autoLogging: false } })],
      controllers: [...controllers, OperationsController],
    },
    { abortOnError: false, bufferLogs: true, forceCloseConnections: true },
  );
  app.useLogger(app.get(NestLogger));
  app.disable('x-powered-by');
  app.useGlobalFilters(new ProblemDetailsFilter(name, log, problemOf));
  return app;
}
