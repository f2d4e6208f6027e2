import { expressions, speakerRoles } from '@undertone/wire';
import { afterEach, describe, expect, test } from 'vitest';
import { clockTime, zoneName } from './formats.ts';
import { languages, preferredLanguage, switchTimeZone } from './locale.ts';

afterEach(() => switchTimeZone(null));

test('the first language of the browser that there is wins, whatever its region', () => {
  expect(preferredLanguage(['zh-CN', 'en'])).toBe('zh-Hans');
  expect(preferredLanguage(['fr-CA', 'zh', 'en-GB'])).toBe('zh-Hans');
  expect(preferredLanguage(['en-GB', 'zh'])).toBe('en');
  expect(preferredLanguage(['fr', 'de'])).toBe('en');
  expect(preferredLanguage([])).toBe('en');
});

test('times are told in the time zone that was chosen, and one that does not exist is not taken', () => {
  const noonMs = Date.UTC(2026, 0, 15, 12);
  switchTimeZone('Asia/Shanghai');
  expect([clockTime(noonMs), zoneName(noonMs)]).toEqual(['20:00:00', 'GMT+8']);
  switchTimeZone('UTC');
  expect(clockTime(noonMs)).toBe('12:00:00');
  switchTimeZone('Moon/Base');
  expect(clockTime(noonMs)).toBe(
    new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' }).format(noonMs),
  );
});

describe.each(Object.entries(languages))('the messages in %s', (_tag, { messages }) => {
  /** Everything that is said, with made-up values where a sentence takes some. */
  function sentences(value: unknown): string[] {
    if (typeof value === 'string') return [value];
    if (typeof value === 'function') return [];
    return Object.values(value as object).flatMap(sentences);
  }

  test('leave nothing empty', () => {
    expect(sentences(messages).filter((each) => each.trim() === '')).toEqual([]);
  });

  test('name every expression and role differently', () => {
    expect(new Set(Object.values(messages.expressions)).size).toBe(expressions.length);
    expect(new Set(Object.values(messages.roles)).size).toBe(speakerRoles.length);
  });

  test('tell a change from the own normal with the larger difference first', () => {
    const much = { quality: 'excited', more: true, much: true } as const;
    const less = { quality: 'pleasant', more: false, much: false } as const;
    const told = [messages.call.change([much, less]), messages.call.change([less]), messages.call.change([])];
    expect(new Set(told).size).toBe(3);
    expect(told[0].length).toBeGreaterThan(told[1].length);
  });
});
