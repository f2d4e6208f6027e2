import { timelineClientMessages, timelineErrorCodes, timelineServerMessages } from '@undertone/wire';
import type { z } from 'zod';
import { SchemaRegistry } from './schema-registry.ts';

const channel = { $ref: '#/channels/timeline' };
const message = (name: string) => ({ $ref: `#/channels/timeline/messages/${name}` });

/** The socket interface as AsyncAPI 3.0, made from the event map that types the sockets. */
export function asyncApiDocument(version: string): object {
  const schemas = new SchemaRegistry();
  const messages: Record<string, object> = {};
  const operations: Record<string, object> = {};
  for (const [event, schema] of Object.entries(timelineServerMessages)) {
    messages[event] = { name: event, summary: schema.description, payload: schemas.schema(schema) };
    operations[`say-${event}`] = { action: 'send', channel, messages: [message(event)] };
  }
  for (const [event, { summary, request, reply }] of Object.entries(timelineClientMessages)) {
    messages[event] = {
      name: event,
      summary,
      payload: request ? schemas.schema(request) : { type: 'null' },
    };
    operations[`take-${event}`] = {
      action: 'receive',
      channel,
      messages: [message(event)],
      ...(reply && { reply: { channel, messages: [message(`${event}-reply`)] } }),
    };
    if (reply)
      messages[`${event}-reply`] = {
        name: `${event}-reply`,
        summary: `The acknowledgement of ${event}.`,
        payload: replySchema(reply, schemas),
      };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Undertone timelines',
      version,
      description:
        'Live timelines over socket.io, WebSocket transport only. A request is acknowledged with its reply; docs/api.md has the rules for a viewer.',
      license: { name: 'Apache 2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    channels: { timeline: { address: '/timeline', title: 'The socket.io namespace /timeline', messages } },
    operations,
    components: { schemas: schemas.components },
  };
}

function replySchema(value: z.ZodType, schemas: SchemaRegistry): object {
  return {
    oneOf: [
      {
        type: 'object',
        properties: { ok: { const: true }, value: schemas.schema(value) },
        required: ['ok', 'value'],
      },
      {
        type: 'object',
        properties: {
          ok: { const: false },
          error: {
            type: 'object',
            properties: { code: { enum: [...timelineErrorCodes] }, message: { type: 'string' } },
            required: ['code', 'message'],
          },
        },
        required: ['ok', 'error'],
      },
    ],
  };
}
