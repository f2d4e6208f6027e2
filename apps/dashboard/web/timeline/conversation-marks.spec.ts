import { PointHistory } from '@undertone/wire';
import { describe, expect, test } from 'vitest';
import { type CallVoice, conversationMarks } from './conversation-marks.ts';

const stepMs = 200;
const startMs = 1_000_000;
const range = { startMs, endMs: startMs + 60_000 };

/** A voice in the call from the beginning, told second by second: `s` speaks, `.` is silent, `?` is not known. */
function voice(told: string, overrides: Partial<CallVoice> = {}): CallVoice {
  const history = new PointHistory({ maxPoints: 10_000, historyMs: 3_600_000 });
  for (let i = 0; i < (told.length * 1_000) / stepMs; i++) {
    const now = told[Math.floor((i * stepMs) / 1_000)];
    if (now === '?') continue;
    const speaks = now === 's';
    history.append({
      atMs: startMs + (i + 1) * stepMs,
      state: speaks ? 'speech' : 'silence',
      probabilities: speaks ? [1, 0, 0, 0, 0, 0, 0, 0] : null,
      valence: speaks ? 0 : null,
      arousal: speaks ? 0 : null,
      confidence: speaks ? 1 : 0,
    });
  }
  return { history, joinedAtMs: startMs, leftAtMs: null, ...overrides };
}

/** Marks as seconds from the start. */
const marks = (voices: CallVoice[], complete = true, shown = range) =>
  conversationMarks(voices, complete, shown).map(
    (each) => `${each.kind} ${(each.startMs - startMs) / 1_000}–${(each.endMs - startMs) / 1_000}`,
  );

describe('the marks of a conversation', () => {
  test('are where two speak at once for a second or more', () => {
    expect(marks([voice('sssss.....'), voice('...ssss...')])).toEqual(['talk-over 3–5']);
  });

  test('leave out a short overlap, and join what a short break divides', () => {
    const [ana, ben] = [voice('ss'), voice('.s')];
    expect(marks([ana, ben])).toEqual(['talk-over 1–2']);
    const late = voice('.s', {});
    late.history.clear();
    for (const atMs of [600, 800, 1_000])
      late.history.append({ ...ana.history.point(0), atMs: startMs + atMs });
    expect(marks([ana, late])).toEqual([]);
  });

  test('are where everyone is silent for eight seconds or more', () => {
    expect(marks([voice('s..........s'), voice('.s.........s')])).toEqual([
      'long-silence 2–11',
      'talk-over 11–12',
    ]);
    expect(marks([voice('s.......s'), voice('s.......s')])).toEqual(['talk-over 0–1', 'talk-over 8–9']);
  });

  test('tell of no silence where somebody is not analysed, or not known', () => {
    expect(marks([voice('..............')], false)).toEqual([]);
    expect(marks([voice('..............'), voice('..???????????.')])).toEqual([]);
  });

  test('count whoever has left, or has not come yet, as silent', () => {
    const left = voice('s', { leftAtMs: startMs + 1_000 });
    const late = voice('????????????s', { joinedAtMs: startMs + 12_000 });
    expect(marks([voice('............s'), left, late])).toEqual(['long-silence 1–12', 'talk-over 12–13']);
  });

  test('keep their length when they began before the time shown, and end with it', () => {
    const quiet = [voice(`s${'.'.repeat(30)}`), voice('.'.repeat(31))];
    expect(marks(quiet, true, { startMs: startMs + 20_000, endMs: startMs + 25_000 })).toEqual([
      'long-silence 1–25.2',
    ]);
    expect(marks(quiet, true, { startMs: startMs + 40_000, endMs: startMs + 45_000 })).toEqual([]);
  });
});
