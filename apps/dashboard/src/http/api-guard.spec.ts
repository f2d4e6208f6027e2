import type { Problem } from '@undertone/http';
import type { Request, Response } from 'express';
import { beforeEach, describe, expect, test } from 'vitest';
import { ApiGuard } from './api-guard.ts';

let now: number;
let guard: ApiGuard;
let headers: Map<string, string>;

beforeEach(() => {
  now = 1_000_000;
  headers = new Map();
  const limits = { requestsPerSecond: 2, burst: 3, maxAddresses: 2 };
  guard = new ApiGuard(['https://desk.example'], () => now, limits);
});

/** The code with which a request is refused; null if it passes. */
function refused(method: string, origin?: string, remoteAddress = '10.0.0.1'): string | null {
  let outcome: Problem | undefined;
  const request = { method, headers: { host: 'undertone.example', origin }, socket: { remoteAddress } };
  const response = { setHeader: (name: string, value: string) => headers.set(name, value) };
  guard.check(request as unknown as Request, response as unknown as Response, (error) => {
    outcome = error as Problem | undefined;
  });
  return outcome?.code ?? null;
}

describe('the guard of the API', () => {
  test.each([
    ['PUT', undefined],
    ['PUT', 'https://undertone.example'],
    ['POST', 'https://desk.example'],
    ['GET', 'https://elsewhere.example'],
  ])('lets %s from %s pass', (method, origin) => {
    expect(refused(method, origin)).toBeNull();
    expect(headers.get('Cache-Control')).toBe('no-store');
  });

  test.each([
    ['POST', 'https://elsewhere.example'],
    ['PUT', 'https://undertone.example.evil.example'],
    ['DELETE', 'null'],
  ])('lets %s from %s change nothing', (method, origin) => {
    expect(refused(method, origin)).toBe('origin-not-allowed');
    expect(guard.refusals['origin-not-allowed']).toBe(1);
  });

  test('lets each address ask only so often', () => {
    const asked = [1, 2, 3, 4].map(() => refused('GET'));
    expect(asked).toEqual([null, null, null, 'too-many-requests']);
    expect(headers.get('Retry-After')).toBe('1');
    expect(refused('GET', undefined, '10.0.0.2')).toBeNull();
    now += 500;
    expect(refused('GET')).toBeNull();
    expect(refused('GET')).toBe('too-many-requests');
  });
});
