import type { Logger } from 'pino';

/** What the parts need of the logger. Names, identities and audio are never logged. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn'>;
