import 'reflect-metadata';
import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { dashboardModule } from '../dashboard.module.ts';
import type { HistoryStore } from '../history/history-store.ts';
import { apiRoutes } from './api-routes.ts';

/** The routes of Nest controllers, as in `get /api/calls/{id}`. */
function routesOf(controllers: readonly Type[]): string[] {
  return controllers.flatMap((controller) => {
    const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string;
    const handlers = Object.getOwnPropertyNames(controller.prototype)
      .map((name) => controller.prototype[name])
      .filter((each) => typeof each === 'function' && Reflect.hasMetadata(METHOD_METADATA, each));
    return handlers.flatMap((handler) => {
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)].toLowerCase();
      const paths = [Reflect.getMetadata(PATH_METADATA, handler)].flat() as string[];
      return paths.map((path) => {
        const whole = `/${prefix}/${path}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
        return `${method} ${whole.replaceAll(/:(\w+)/g, '{$1}')}`;
      });
    });
  });
}

test('the described routes are those of the controllers, and no others', () => {
  const { controllers } = dashboardModule(readConfig({}), {} as HistoryStore, Date.now, pino());
  const there = routesOf(controllers as Type[]).filter((route) => route.includes(' /api/'));
  expect(there.length).toBeGreaterThan(8);
  expect(apiRoutes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(there.sort());
});
