import type { AlertCondition, AlertRule, EmotionPoint, Speaker } from '@undertone/wire';
import { describe, expect, test } from 'vitest';
import { CallWatch } from './call-watch.ts';
import type { Finding } from './finding.ts';

const rule = (condition: AlertCondition, overrides: Partial<AlertRule> = {}): AlertRule => ({
  id: condition.kind,
  name: condition.kind,
  enabled: true,
  severity: 'notice',
  roles: [],
  cooldownMs: 0,
  condition,
  ...overrides,
});
const person = (id: string, overrides: Partial<Speaker> = {}): Speaker => ({
  callId: 'c',
  id,
  name: id,
  role: 'customer',
  consent: 'granted',
  muted: false,
  decision: { analysed: true, reason: '' },
  joinedAtMs: 0,
  ...overrides,
});
const point = (atMs: number, speaking: boolean): EmotionPoint => ({
  atMs,
  state: speaking ? 'speech' : 'silence',
  probabilities: speaking ? [0, 0, 0, 0, 1, 0, 0, 0] : null,
  valence: speaking ? -0.9 : null,
  arousal: speaking ? 0.9 : null,
  confidence: speaking ? 0.9 : 0,
});

type Found = [string | null, Finding['what'], number, number, number | null];
/** Tells a watch who speaks when, in whatever order; answers what it found. */
function watched(
  rules: AlertRule[],
  speakers: Speaker[],
  told: [speakerId: string, point: EmotionPoint][],
): Found[] {
  const found: Found[] = [];
  const watch = new CallWatch(rules, (_, speakerId, { what, atMs, fromMs, untilMs }) =>
    found.push([speakerId, what, atMs, fromMs, untilMs]),
  );
  for (const speaker of speakers) watch.put(speaker);
  for (const [speakerId, each] of told) watch.take(speakerId, each);
  watch.end();
  return found;
}
/** Points every 200 ms from 10 s to 40 s; speaking where `runs` say. */
const voice = (id: string, ...runs: [number, number][]): [string, EmotionPoint][] =>
  Array.from({ length: 150 }, (_, i) => {
    const atMs = 10_000 + (i + 1) * 200;
    return [
      id,
      point(
        atMs,
        runs.some(([from, until]) => atMs > from && atMs <= until),
      ),
    ];
  });
const inTime = (...voices: [string, EmotionPoint][][]) =>
  voices.flat().sort(([, a], [, b]) => a.atMs - b.atMs);

const both = [person('ana'), person('ben', { role: 'agent' })];
const talkOver = rule({ kind: 'talk-over', forMs: 3_000 });
const silence = rule({ kind: 'silence', forMs: 5_000 });

describe('talk-over', () => {
  const overlapping = [voice('ana', [12_000, 20_000]), voice('ben', [15_000, 19_000])];

  test('fires when two have spoken at once for long enough, and ends when one stops', () => {
    expect(watched([talkOver], both, inTime(...overlapping))).toEqual([
      [null, 'fired', 18_000, 15_000, null],
      [null, 'ended', 19_000, 15_000, 19_000],
    ]);
  });

  test('is found the same when one voice arrives in lumps of a second and a half', () => {
    const [ana, ben] = overlapping;
    const told: [string, EmotionPoint][] = [];
    for (let i = 0; i < 150; i += 7) told.push(...ben.slice(i, i + 7), ...ana.slice(i, i + 7));
    expect(watched([talkOver], both, told)).toEqual(watched([talkOver], both, inTime(...overlapping)));
  });

  test('does not fire on interruptions that are short, one after the other', () => {
    const ben = voice('ben', [14_000, 15_600], [17_000, 18_600], [20_000, 21_600]);
    expect(watched([talkOver], both, inTime(voice('ana', [12_000, 30_000]), ben))).toEqual([]);
  });
});

describe('silence', () => {
  test('fires when nobody has spoken for long enough, and ends with the next word', () => {
    const told = inTime(voice('ana', [10_000, 14_000], [26_000, 27_000]), voice('ben', [30_000, 40_000]));
    expect(watched([silence], both, told)).toEqual([
      [null, 'fired', 19_000, 14_000, null],
      [null, 'ended', 26_000, 14_000, 26_000],
    ]);
  });

  test('is not judged while someone in the call is not heard', () => {
    const unheard = [
      person('ana'),
      person('ben', { decision: { analysed: false, reason: 'agents are not analysed' } }),
    ];
    expect(watched([silence], unheard, voice('ana'))).toEqual([]);
    expect(watched([silence], [person('ana')], voice('ana'))).toHaveLength(2);
  });

  test('is not made up where nothing was told', () => {
    const told = voice('ana', [10_000, 12_000]).filter(([, { atMs }]) => atMs < 13_000 || atMs > 39_000);
    expect(watched([silence], [person('ana')], told)).toEqual([]);
  });
});

describe('rules about a voice', () => {
  const angry: AlertCondition = {
    kind: 'expression',
    expressions: ['angry'],
    enter: 0.6,
    clear: 0.4,
    minConfidence: 0.5,
    forMs: 2_000,
  };

  test('hold for the roles that they name, and for each voice by itself', () => {
    const told = inTime(voice('ana', [10_000, 14_000]), voice('ben', [20_000, 24_000]));
    expect(watched([rule(angry, { roles: ['agent'] })], both, told)).toEqual([
      ['ben', 'fired', 22_000, 20_000, null],
      ['ben', 'ended', 24_000, 20_000, 24_000],
    ]);
    expect(watched([rule(angry)], both, told).map(([speakerId]) => speakerId)).toEqual([
      'ana',
      'ben',
      'ana',
      'ben',
    ]);
  });

  test('hold only while they are switched on', () => {
    expect(watched([rule(angry, { enabled: false })], both, voice('ana', [10_000, 40_000]))).toEqual([]);
  });
});
