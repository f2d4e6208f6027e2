import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { signedHeaders, webhookSecretPattern } from './webhook-signature.ts';

const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const id = '6f1c2a34-0000-4000-8000-000000000001';
const body = JSON.stringify({ type: 'alert.fired', data: { name: 'Zoë' } });

test('the reference implementation of Standard Webhooks accepts what is signed here', () => {
  const headers = signedHeaders(secret, id, Date.now(), body);
  expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
});

test('it refuses another body, another secret, another identifier and an old time', () => {
  const headers = signedHeaders(secret, id, Date.now(), body);
  const other = `whsec_${Buffer.from('another secret of thirty-two byte').toString('base64')}`;
  expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
  expect(() => new Webhook(other).verify(body, headers)).toThrow();
  expect(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'x' })).toThrow();
  expect(() =>
    new Webhook(secret).verify(body, signedHeaders(secret, id, Date.now() - 600_000, body)),
  ).toThrow();
});

test('a short or bare secret is none', () => {
  expect(secret).toMatch(webhookSecretPattern);
  for (const wrong of ['whsec_c2hvcnQ=', 'changeme', secret.replace('whsec_', '')])
    expect(wrong).not.toMatch(webhookSecretPattern);
});
