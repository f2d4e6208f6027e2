import { type Alert, type Expression, expressions, type Speaker } from '@undertone/wire';
import { beforeEach, describe, expect, test } from 'vitest';
import { RibbonTrack } from './ribbon-track.ts';
import type { WallCall } from './wall-feed.ts';
import { everything, hidesCalls, shownVoices } from './wall-filter.ts';
import { WallOrder } from './wall-order.ts';

const nowMs = 1_000_000;

function call(id: string, startedAtMs: number, overrides: Partial<Speaker> = {}): WallCall {
  const speaker: Speaker = {
    callId: id,
    id: 'ana',
    name: 'Ana Ruiz',
    role: 'customer',
    consent: 'granted',
    muted: false,
    decision: { analysed: true, reason: '' },
    joinedAtMs: startedAtMs,
    ...overrides,
  };
  return {
    id,
    recordId: `record-of-${id}`,
    startedAtMs,
    revision: 1,
    speakers: [{ speaker, latest: null, ribbon: new RibbonTrack() }],
  };
}

/** The call's voice sounds so in the `seconds` before `untilMs`. */
function sound(target: WallCall, expression: Expression, seconds = 30, untilMs = nowMs): void {
  target.speakers[0].ribbon.merge({
    startMs: untilMs - seconds * 1_000,
    state: Array<number>(seconds).fill(0),
    expression: Array<number>(seconds).fill(expressions.indexOf(expression)),
    confidence: Array<number>(seconds).fill(80),
    arousal: Array<number>(seconds).fill(0),
  });
}

let order: WallOrder;
let calls: [WallCall, WallCall, WallCall];
let alerts: Map<string, Alert[]>;
const arrange = (atMs = nowMs, held = false, filter = everything()) => {
  const { urgent, others, outdated } = order.arrange(calls, alerts, filter, atMs, held);
  const ids = (part: typeof urgent) => part.map((each) => each.call.id).join(' ');
  return { urgent: ids(urgent), others: ids(others), outdated };
};

beforeEach(() => {
  order = new WallOrder();
  alerts = new Map();
  calls = [call('old', 1), call('middle', 2), call('new', 3)];
});

describe('the order of the wall', () => {
  test('is that of the starts, the newest first, where nothing is urgent', () => {
    expect(arrange()).toEqual({ urgent: '', others: 'new middle old', outdated: false });
  });

  test('brings an urgent call to the front, and a more urgent one before it', () => {
    sound(calls[0], 'sad');
    expect(arrange()).toMatchObject({ urgent: 'old', others: 'new middle' });
    sound(calls[1], 'angry');
    expect(arrange()).toMatchObject({ urgent: 'middle old', others: 'new' });
  });

  test('puts who became urgent later behind those of the same level', () => {
    sound(calls[0], 'angry');
    arrange();
    sound(calls[2], 'fearful', 30, nowMs + 5_000);
    expect(arrange(nowMs + 5_000).urgent).toBe('old new');
  });

  test('moves nothing while it is held, and says that it would', () => {
    arrange();
    sound(calls[0], 'angry');
    expect(arrange(nowMs, true)).toEqual({ urgent: '', others: 'new middle old', outdated: true });
    expect(arrange(nowMs, false)).toEqual({ urgent: 'old', others: 'new middle', outdated: false });
  });

  test('puts calls that begin while it is held last, and closes the gap of those that end', () => {
    arrange();
    const [old, middle, newest] = calls;
    calls = [middle, newest, call('latest', 4)];
    expect(arrange(nowMs, true).others).toBe('new middle latest');
    calls = [old, middle, call('latest', 4)];
    expect(arrange(nowMs, false).others).toBe('latest middle old');
  });

  test('is that of the starts in one part if asked for', () => {
    sound(calls[0], 'angry');
    expect(arrange(nowMs, false, { ...everything(), order: 'newest' })).toMatchObject({
      urgent: '',
      others: 'new middle old',
    });
  });

  test('leaves only urgent calls if asked for', () => {
    sound(calls[0], 'angry');
    expect(arrange(nowMs, false, { ...everything(), show: 'urgent' })).toMatchObject({
      urgent: 'old',
      others: '',
    });
  });
});

describe('alerts on the wall', () => {
  const alert = (firedAtMs: number) => ({ firedAtMs }) as Alert;

  test('come before what merely sounds urgent, the one that fired first at the front', () => {
    sound(calls[0], 'angry');
    alerts.set('record-of-middle', [alert(nowMs - 1_000)]);
    expect(arrange()).toMatchObject({ urgent: 'middle old', others: 'new' });
    alerts.set('record-of-new', [alert(nowMs - 9_000)]);
    expect(arrange()).toMatchObject({ urgent: 'new middle old', others: '' });
    alerts.clear();
    expect(arrange()).toMatchObject({ urgent: 'old', others: 'new middle' });
  });

  test('can be all that is shown', () => {
    sound(calls[0], 'angry');
    alerts.set('record-of-middle', [alert(nowMs)]);
    expect(arrange(nowMs, false, { ...everything(), show: 'alert' })).toMatchObject({
      urgent: 'middle',
      others: '',
    });
  });
});

describe('a filter of the wall', () => {
  const shown = (overrides: object) =>
    shownVoices(call('Claim-7', 1), { ...everything(), ...overrides }).map(({ speaker }) => speaker.name);

  test('finds calls by part of their name or of a speaker’s, whatever the case', () => {
    for (const text of ['', ' ', 'claim', 'AIM-7', 'ruiz']) expect(shown({ text })).toEqual(['Ana Ruiz']);
    expect(shown({ text: 'ben' })).toEqual([]);
  });

  test('shows the voices of one role', () => {
    expect(shown({ voices: 'customer' })).toEqual(['Ana Ruiz']);
    expect(shown({ voices: 'agent' })).toEqual([]);
  });

  test('knows whether it hides anything', () => {
    expect(hidesCalls(everything())).toBe(false);
    expect(hidesCalls({ ...everything(), order: 'newest' })).toBe(false);
    expect(hidesCalls({ ...everything(), text: 'a' })).toBe(true);
  });
});
