import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { speechDecoderNames } from './opus/speech-decoder.ts';
import { analysisProfiles } from './policy/analysis-policy.ts';

const portSchema = z.coerce.number().int().min(0).max(65_535);
const portRangeSchema = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, 'must be two ports, as in 44500-44999')
  .transform((text) => {
    const [min, max] = text.split('-').map(Number);
    return { min: min!, max: max! };
  })
  .refine(
    ({ min, max }) => min > 0 && min <= max && max <= 65_535,
    'must be two ports from 1 to 65535, the lower first',
  );

const environmentSchema = z
  .object({
    HOST: z.string().min(1).default('127.0.0.1'),
    BRIDGE_PORT: portSchema.default(4100),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    ANALYZER_URL: z.url({ protocol: /^wss?$/ }).default('ws://127.0.0.1:4200/ingest'),
    ANALYSIS_PROFILE: z.enum(analysisProfiles).default('customer-only'),
    SPEECH_DECODER: z.enum(speechDecoderNames).default('libopus-wasm'),
    /** First of the workers' WebRTC ports (UDP and TCP), one each; 0 lets the system choose. */
    RTC_PORT: portSchema.default(44_400),
    /** Address that browsers and media servers are told to send to, if it isn't HOST. */
    ANNOUNCED_ADDRESS: z.string().min(1).optional(),
    /** mediasoup workers; each fills one core. */
    MEDIA_WORKERS: z.coerce.number().int().min(1).max(256).default(availableParallelism()),
    /** Threads that receive and decode; half of the cores when absent, and with 1 no further thread. */
    BRIDGE_WORKERS: z.coerce
      .number()
      .int()
      .min(1)
      .max(64)
      .default(Math.max(1, Math.min(64, Math.floor(availableParallelism() / 2)))),
    MAX_CALLS: z.coerce.number().int().min(1).default(500),
    MAX_SPEAKERS_PER_CALL: z.coerce.number().int().min(1).max(500).default(32),
    /** How long a packet waits for an earlier one that is missing: at first, and at most where the network is bad. */
    PLAYOUT_DELAY_MS: z.coerce.number().min(0).max(1_000).default(80),
    MAX_PLAYOUT_DELAY_MS: z.coerce.number().min(0).max(1_000).default(240),
    /** How much of a speaker's audio waits for an analyzer that is away or slow. */
    RING_SECONDS: z.coerce.number().min(1).max(60).default(5),
    /** Bearer token of other mediasoup applications that pipe calls in (docs/tap.md); without it none may. */
    TAP_TOKEN: z.string().regex(/^\S+$/, 'must have no spaces').min(16).optional(),
    /** UDP ports for their pipes, one for each call. */
    TAP_PORTS: portRangeSchema.optional(),
    MAX_TAPS: z.coerce.number().int().min(1).default(64),
    /** Comma-separated origins, besides the bridge's own, whose pages may join calls. */
    ALLOWED_ORIGINS: z.string().default(''),
  })
  .refine((values) => !/^(0\.0\.0\.0|::)$/.test(values.HOST) || values.ANNOUNCED_ADDRESS !== undefined, {
    path: ['ANNOUNCED_ADDRESS'],
    message: 'needed when HOST means every address: the address at which this machine is reached',
  })
  .refine((values) => values.RTC_PORT === 0 || values.RTC_PORT + values.MEDIA_WORKERS <= 65_536, {
    path: ['RTC_PORT'],
    message: 'too high: every worker takes the next port',
  });

/** Injection token of the configuration. */
export const BRIDGE_CONFIG = Symbol('bridge config');

export interface BridgeConfig {
  host: string;
  port: number;
  logLevel: z.infer<typeof environmentSchema>['LOG_LEVEL'];
  analyzerUrl: string;
  profile: z.infer<typeof environmentSchema>['ANALYSIS_PROFILE'];
  decoder: z.infer<typeof environmentSchema>['SPEECH_DECODER'];
  rtcPort: number;
  announcedAddress: string | null;
  mediaWorkers: number;
  /** Threads that receive and decode; 1 means the main one. */
  workers: number;
  maxCalls: number;
  maxSpeakersPerCall: number;
  playoutDelayMs: number;
  maxPlayoutDelayMs: number;
  ringSeconds: number;
  tapToken: string | null;
  tapPorts: { min: number; max: number } | null;
  maxTaps: number;
  /** How long the speakers of a host stay in their calls while it is not connected. */
  keepOrphansMs: number;
  allowedOrigins: string[];
  /** A plain speaker that sends nothing for this long is removed. */
  idlePlainSpeakerMs: number;
  /** The built join page (`npm run build:web`). */
  webFolder: string;
}

/** @throws Error with one line per wrong variable */
export function readConfig(environment: Record<string, string | undefined>): BridgeConfig {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`the bridge can't start with this environment:\n${lines.join('\n')}`);
  }
  const values = parsed.data;
  return {
    host: values.HOST,
    port: values.BRIDGE_PORT,
    logLevel: values.LOG_LEVEL,
    analyzerUrl: values.ANALYZER_URL,
    profile: values.ANALYSIS_PROFILE,
    decoder: values.SPEECH_DECODER,
    rtcPort: values.RTC_PORT,
    announcedAddress: values.ANNOUNCED_ADDRESS ?? null,
    mediaWorkers: values.MEDIA_WORKERS,
    workers: values.BRIDGE_WORKERS,
    maxCalls: values.MAX_CALLS,
    maxSpeakersPerCall: values.MAX_SPEAKERS_PER_CALL,
    playoutDelayMs: values.PLAYOUT_DELAY_MS,
    maxPlayoutDelayMs: values.MAX_PLAYOUT_DELAY_MS,
    ringSeconds: values.RING_SECONDS,
    tapToken: values.TAP_TOKEN ?? null,
    tapPorts: values.TAP_PORTS ?? null,
    maxTaps: values.MAX_TAPS,
    keepOrphansMs: 10_000,
    allowedOrigins: values.ALLOWED_ORIGINS.split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
    idlePlainSpeakerMs: 30_000,
    // The same from src/ and from dist/.
    webFolder: fileURLToPath(new URL('../web-dist', import.meta.url)),
  };
}
