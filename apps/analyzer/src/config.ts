import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import {
  type EngineKind,
  engineKinds,
  type Precision,
  precisions,
  pretrainedFolder,
} from '@undertone/models';
import { z } from 'zod';
import type { DriftLimits } from './model/drift-monitor.ts';

const maxWorkers = 64;

const environmentSchema = z
  .object({
    HOST: z.string().min(1).default('127.0.0.1'),
    ANALYZER_PORT: z.coerce.number().int().min(0).max(65_535).default(4200),
    /** Processes that analyse, each filling one core; half of the cores when absent, or one where a GPU does the work. */
    ANALYZER_WORKERS: z.coerce.number().int().min(1).max(maxWorkers).optional(),
    DASHBOARD_URL: z.url({ protocol: /^wss?$/ }).default('ws://127.0.0.1:4300/ingest'),
    ANALYZER_ENGINE: z.enum(engineKinds).default('onnx'),
    /** Of the weights, as the model's folder brings them. */
    ANALYZER_PRECISION: z.enum(precisions).default('float32'),
    /** Folder of a trained model; the one that ships with Undertone when absent. */
    MODEL_FOLDER: z.string().min(1).optional(),
    /** Folder below which models may be chosen while calls run; the parent of the model in use when absent. */
    MODEL_ROOT: z.string().min(1).optional(),
    /** Bearer token for changes of the model; without one they are refused. */
    ANALYZER_ADMIN_TOKEN: z.string().min(16).regex(/^\S+$/, 'must have no spaces').optional(),
    /** Shift of the features, in deviations of the training data, that counts as drift. */
    DRIFT_SHIFT: z.coerce.number().positive().default(1),
    /** Population stability index of the expressions that counts as drift. */
    DRIFT_STABILITY_INDEX: z.coerce.number().positive().default(0.25),
    /** Connections of bridges at once: one for each of their desks. */
    MAX_BRIDGES: z.coerce.number().int().min(1).max(1_000).default(128),
    /** Speakers announced by one bridge at once. */
    MAX_SPEAKERS_PER_BRIDGE: z.coerce.number().int().min(1).max(100_000).default(2_000),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  })
  .refine((values) => values.ANALYZER_ENGINE === 'onnx' || values.ANALYZER_PRECISION === 'float32', {
    path: ['ANALYZER_PRECISION'],
    message: 'only the onnx engine runs other weights than float32',
  });

export interface AnalyzerConfig {
  host: string;
  port: number;
  workers: number;
  dashboardUrl: string;
  engine: EngineKind;
  precision: Precision;
  modelFolder: string | undefined;
  modelRoot: string;
  adminToken: string | undefined;
  drift: DriftLimits;
  maxBridges: number;
  maxSpeakersPerBridge: number;
  logLevel: z.infer<typeof environmentSchema>['LOG_LEVEL'];
}

/** @throws Error with one line per wrong variable */
export function readConfig(environment: Record<string, string | undefined>): AnalyzerConfig {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`the analyzer can't start with this environment:\n${lines.join('\n')}`);
  }
  const values = parsed.data;
  return {
    host: values.HOST,
    port: values.ANALYZER_PORT,
    workers: values.ANALYZER_WORKERS ?? defaultWorkers(values.ANALYZER_ENGINE),
    dashboardUrl: values.DASHBOARD_URL,
    engine: values.ANALYZER_ENGINE,
    precision: values.ANALYZER_PRECISION,
    modelFolder: values.MODEL_FOLDER,
    modelRoot: values.MODEL_ROOT ?? dirname(values.MODEL_FOLDER ?? pretrainedFolder),
    adminToken: values.ANALYZER_ADMIN_TOKEN,
    drift: { shiftDeviations: values.DRIFT_SHIFT, stabilityIndex: values.DRIFT_STABILITY_INDEX },
    maxBridges: values.MAX_BRIDGES,
    maxSpeakersPerBridge: values.MAX_SPEAKERS_PER_BRIDGE,
    logLevel: values.LOG_LEVEL,
  };
}

/** The bridge, the media workers and the dashboard need cores as well. */
const defaultWorkers = (engine: EngineKind): number =>
  engine === 'onnx' ? Math.max(1, Math.min(maxWorkers, Math.floor(availableParallelism() / 2))) : 1;
