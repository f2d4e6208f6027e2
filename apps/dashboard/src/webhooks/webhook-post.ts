import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { WebhookDelivery } from '@undertone/wire';
import { lookupPublic, refusalOfLiteral } from './public-address.ts';
import { signedHeaders } from './webhook-signature.ts';

/** What came of an attempt. `final`: trying again would change nothing. */
export type PostOutcome = { ok: true } | { ok: false; final: boolean; problem: string };
/** Posts a delivery once. Never rejects. */
export type WebhookPost = (delivery: WebhookDelivery, atMs: number) => Promise<PostOutcome>;

const timeoutMs = 10_000;

/**
 * Posts signed webhooks. Addresses of private networks are refused unless their host is named; redirects are not
 * followed, and of the answer only the status is read.
 */
export function webhookPost(secret: string, privateHosts: readonly string[]): WebhookPost {
  return ({ deliveryId, url, event }, atMs) => {
    const target = new URL(url);
    const isPrivate = privateHosts.includes(target.hostname);
    const refusal = isPrivate ? null : refusalOfLiteral(target.hostname);
    if (refusal) return Promise.resolve({ ok: false, final: true, problem: refusal.message });
    const body = JSON.stringify(event);
    return new Promise((resolve) => {
      const request = (target.protocol === 'https:' ? requestHttps : requestHttp)(target, {
        method: 'POST',
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
        ...(isPrivate ? {} : { lookup: lookupPublic }),
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'undertone-webhook/1',
          ...signedHeaders(secret, deliveryId, atMs, body),
        },
      });
      request.on('response', (response) => {
        response.destroy();
        resolve(outcomeOf(response.statusCode ?? 0));
      });
      request.on('error', (error) => resolve({ ok: false, final: false, problem: error.message }));
      request.end(body);
    });
  };
}

function outcomeOf(status: number): PostOutcome {
  if (status >= 200 && status < 300) return { ok: true };
  // 410 Gone: the receiver wants no more of it (Standard Webhooks).
  return { ok: false, final: status === 410, problem: `the receiver answered ${status}` };
}
