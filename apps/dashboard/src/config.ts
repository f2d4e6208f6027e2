import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { memoryFile } from './history/open-database.ts';
import { webhookSecretPattern } from './webhooks/webhook-signature.ts';

const localPath = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Values separated by commas. */
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  );
const addresses = list.pipe(z.array(z.url({ protocol: /^https?$/ })));

const environmentSchema = z
  .object({
    HOST: z.string().min(1).default('127.0.0.1'),
    DASHBOARD_PORT: z.coerce.number().int().min(0).max(65_535).default(4300),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    /** How far back a call's timeline reaches. */
    HISTORY_MINUTES: z.coerce.number().min(1).max(240).default(15),
    /** How long an ended call can still be opened. */
    KEEP_ENDED_MINUTES: z.coerce.number().min(0).max(240).default(10),
    /** Where the history is kept; `none` keeps it in memory, until the process ends. */
    DATA_FOLDER: z.string().min(1).default(localPath('../../../.undertone/data')),
    /** Ended calls are removed from the history after this many days. */
    RETENTION_DAYS: z.coerce.number().min(0.01).max(3_650).default(30),
    /** The file of the alert rules; in the data folder if absent. */
    ALERT_RULES: z.string().min(1).optional(),
    /** Comma-separated addresses that are told of every alert. */
    WEBHOOK_URLS: addresses,
    /** What webhooks are signed with. */
    WEBHOOK_SECRET: z
      .string()
      .regex(
        webhookSecretPattern,
        'must be whsec_ and 24 to 64 bytes in base64: echo whsec_$(openssl rand -base64 32)',
      )
      .optional(),
    /** Comma-separated hosts that webhooks may reach although they are on a private network; plain http is allowed there. */
    WEBHOOK_PRIVATE_HOSTS: list,
    MAX_VIEWERS: z.coerce.number().int().min(1).default(500),
    /** Comma-separated origins, besides the dashboard's own, whose pages may use the timeline socket. */
    ALLOWED_ORIGINS: list,
    /** Where people join a call; shown when there is none. */
    JOIN_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:4100/join'),
  })
  .superRefine(({ WEBHOOK_URLS: urls, WEBHOOK_SECRET: secret, WEBHOOK_PRIVATE_HOSTS: hosts }, context) => {
    if (urls.length > 0 && secret === undefined)
      context.addIssue({
        code: 'custom',
        path: ['WEBHOOK_SECRET'],
        message: 'is needed to sign what goes to WEBHOOK_URLS: echo whsec_$(openssl rand -base64 32)',
      });
    for (const url of urls) {
      const { protocol, hostname } = new URL(url);
      if (protocol !== 'https:' && !hosts.includes(hostname))
        context.addIssue({
          code: 'custom',
          path: ['WEBHOOK_URLS'],
          message: `${url} must be https, unless ${hostname} is in WEBHOOK_PRIVATE_HOSTS`,
        });
    }
  });

export interface DashboardConfig {
  host: string;
  port: number;
  logLevel: z.infer<typeof environmentSchema>['LOG_LEVEL'];
  historyMs: number;
  keepEndedMs: number;
  /** The history's SQLite file; `:memory:` for none. */
  historyFile: string;
  retentionMs: number;
  /** null keeps the rules in memory. */
  alertRulesFile: string | null;
  webhooks: { urls: string[]; secret: string; privateHosts: string[] } | null;
  maxViewers: number;
  allowedOrigins: string[];
  joinUrl: string;
  /** The built web page (`npm run build:web`). */
  webFolder: string;
  /** The built overlay (`npm run build:web`). */
  overlayFolder: string;
  modelCardFile: string;
}

/** Injection token of the configuration. */
export const DASHBOARD_CONFIG = Symbol('dashboard config');

/** @throws Error with one line per wrong variable */
export function readConfig(environment: Record<string, string | undefined>): DashboardConfig {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`the dashboard can't start with this environment:\n${lines.join('\n')}`);
  }
  const values = parsed.data;
  const inMemory = values.DATA_FOLDER === 'none';
  return {
    host: values.HOST,
    port: values.DASHBOARD_PORT,
    logLevel: values.LOG_LEVEL,
    historyMs: values.HISTORY_MINUTES * 60_000,
    keepEndedMs: values.KEEP_ENDED_MINUTES * 60_000,
    historyFile: inMemory ? memoryFile : resolve(values.DATA_FOLDER, 'history.sqlite'),
    // What is in memory alone is not let grow for days.
    retentionMs: inMemory ? values.KEEP_ENDED_MINUTES * 60_000 : values.RETENTION_DAYS * 86_400_000,
    alertRulesFile: values.ALERT_RULES ?? (inMemory ? null : resolve(values.DATA_FOLDER, 'alert-rules.json')),
    webhooks:
      values.WEBHOOK_SECRET === undefined || values.WEBHOOK_URLS.length === 0
        ? null
        : {
            urls: values.WEBHOOK_URLS,
            secret: values.WEBHOOK_SECRET,
            privateHosts: values.WEBHOOK_PRIVATE_HOSTS,
          },
    maxViewers: values.MAX_VIEWERS,
    allowedOrigins: values.ALLOWED_ORIGINS,
    joinUrl: values.JOIN_URL,
    webFolder: localPath('../web-dist'),
    overlayFolder: localPath('../../../libs/overlay/web-dist'),
    modelCardFile: localPath('../../../docs/model-card.md'),
  };
}
