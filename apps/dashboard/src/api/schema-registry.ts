import {
  alertPageSchema,
  alertRuleSchema,
  alertSchema,
  callDeltaSchema,
  callRecordPageSchema,
  callRecordSchema,
  callReportSchema,
  callSnapshotSchema,
  callSummarySchema,
  emotionPointSchema,
  pointPageSchema,
  problemDetailsSchema,
  ribbonSchema,
  speakerSchema,
  webhookDeliverySchema,
} from '@undertone/wire';
import { z } from 'zod';

/** The shapes that both API documents name; others are written out where they are used. */
export const namedSchemas = {
  Alert: alertSchema,
  AlertPage: alertPageSchema,
  AlertRule: alertRuleSchema,
  CallDelta: callDeltaSchema,
  CallRecord: callRecordSchema,
  CallRecordPage: callRecordPageSchema,
  CallReport: callReportSchema,
  CallSnapshot: callSnapshotSchema,
  CallSummary: callSummarySchema,
  EmotionPoint: emotionPointSchema,
  PointPage: pointPageSchema,
  ProblemDetails: problemDetailsSchema,
  Ribbon: ribbonSchema,
  Speaker: speakerSchema,
  WebhookDelivery: webhookDeliverySchema,
} satisfies Record<string, z.ZodType>;

type JsonSchema = Record<string, unknown>;

const refTo = (name: string): string => `#/components/schemas/${name}`;

/** Schemas of zod as JSON Schema (2020-12), those with a name as references to `components.schemas`. */
export class SchemaRegistry {
  readonly components: Record<string, JsonSchema> = {};
  readonly #names = new Map<z.ZodType, string>();

  constructor() {
    const registry = z.registry<{ id: string }>();
    for (const [id, schema] of Object.entries(namedSchemas)) {
      registry.add(schema, { id });
      this.#names.set(schema, id);
    }
    const { schemas } = z.toJSONSchema(registry, { uri: refTo });
    for (const [name, schema] of Object.entries(schemas)) this.components[name] = plain(schema);
  }

  /** The schema itself, or a reference if it has a name. */
  schema(schema: z.ZodType): JsonSchema {
    const name = this.#names.get(schema);
    if (name !== undefined) return { $ref: refTo(name) };
    if (schema instanceof z.ZodArray)
      return { type: 'array', items: this.schema(schema.element as z.ZodType) };
    if (schema instanceof z.ZodObject)
      return {
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(schema.shape).map(([key, value]) => [key, this.schema(value as z.ZodType)]),
        ),
        required: Object.entries(schema.shape)
          .filter(([, value]) => !(value as z.ZodType).safeParse(undefined).success)
          .map(([key]) => key),
      };
    return plain(z.toJSONSchema(schema, { io: 'output' }));
  }
}

/** Without what only a document of its own needs. */
function plain({
  $schema: _,
  $id: __,
  ...schema
}: object & { $schema?: unknown; $id?: unknown }): JsonSchema {
  return schema as JsonSchema;
}
