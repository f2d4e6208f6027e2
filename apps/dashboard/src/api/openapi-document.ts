import { STATUS_CODES } from 'node:http';
import type { z } from 'zod';
import type { ApiRoute } from './api-route.ts';
import { namedSchemas, SchemaRegistry } from './schema-registry.ts';

/** The REST interface as OpenAPI 3.1, made from the routes that the controllers read their requests through. */
export function openApiDocument(routes: readonly ApiRoute[], version: string): object {
  const schemas = new SchemaRegistry();
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path][route.method] = operationOf(route, schemas);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Undertone dashboard',
      version,
      description:
        'How voices in calls sound to listeners: perceived expression with its confidence, never what anyone feels. Times are wall clock, milliseconds since the Unix epoch.',
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: schemas.components },
  };
}

function operationOf(route: ApiRoute, schemas: SchemaRegistry): object {
  const { method, path, summary, params, query, body, status, answers, problems } = route;
  return {
    operationId: `${method}${path.replace(/^\/api/, '').replaceAll(/[/{}-]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary,
    parameters: [...parametersOf('path', params, schemas), ...parametersOf('query', query, schemas)],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemas.schema(body) } } },
    }),
    responses: {
      [status]: { description: STATUS_CODES[status], ...contentOf(answers, schemas) },
      ...Object.fromEntries(
        Object.entries(problems).map(([code, codes]) => [
          code,
          {
            description: `\`code\` is ${codes.map((each) => `\`${each}\``).join(' or ')}`,
            ...contentOf({ 'application/problem+json': namedSchemas.ProblemDetails }, schemas),
          },
        ]),
      ),
    },
  };
}

function contentOf(answers: Record<string, z.ZodType>, schemas: SchemaRegistry): { content?: object } {
  const entries = Object.entries(answers);
  if (entries.length === 0) return {};
  return {
    content: Object.fromEntries(entries.map(([type, schema]) => [type, { schema: schemas.schema(schema) }])),
  };
}

function parametersOf(place: 'path' | 'query', shape: z.ZodObject, schemas: SchemaRegistry): object[] {
  return Object.entries(shape.shape).map(([name, schema]) => ({
    name,
    in: place,
    required: !(schema as z.ZodType).safeParse(undefined).success,
    schema: schemas.schema(schema as z.ZodType),
  }));
}
