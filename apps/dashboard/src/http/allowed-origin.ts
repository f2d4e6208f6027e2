import type { IncomingHttpHeaders } from 'node:http';

/** Whether a request comes from no page, from one of this very host, or from one of an allowed origin. */
export function isOriginAllowed(
  { origin, host }: IncomingHttpHeaders,
  allowedOrigins: readonly string[],
): boolean {
  if (origin === undefined || allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
