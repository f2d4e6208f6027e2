import { type Level, type Logger, pino } from 'pino';

/**
 * JSON lines on standard output, each with the name of its app. Names, identities, tokens, addresses of people and audio are
 * never logged: connections and streams have numbers of their own for that.
 */
export const createLog = (app: string, level: Level | 'silent'): Logger => pino({ level, base: { app } });
