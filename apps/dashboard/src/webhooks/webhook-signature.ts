import { createHmac } from 'node:crypto';

/** What a secret looks like: 24 to 64 bytes as base64, after a prefix that makes it known as a secret. */
export const webhookSecretPattern = /^whsec_([A-Za-z0-9+/]{32,86}={0,2})$/;

/**
 * The headers that prove a webhook's origin and age, as Standard Webhooks wants them: HMAC-SHA256 over identifier, time
 * and body (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 */
export function signedHeaders(
  secret: string,
  deliveryId: string,
  atMs: number,
  body: string,
): Record<string, string> {
  const seconds = Math.floor(atMs / 1_000);
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${deliveryId}.${seconds}.${body}`).digest('base64');
  return {
    'webhook-id': deliveryId,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  };
}
