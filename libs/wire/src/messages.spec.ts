import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnalysisMessage, parseAnalysisMessage } from './analysis-message.ts';
import { type BridgeMessage, parseBridgeMessage, parseCreditMessage } from './bridge-message.ts';
import type { EmotionPoint } from './emotion-point.ts';
import type { Speaker } from './speaker.ts';
import { WireError } from './wire-error.ts';

const speaker: Speaker = {
  callId: 'call-1',
  id: 'speaker_1',
  name: 'Mara',
  role: 'customer',
  consent: 'granted',
  muted: false,
  decision: { analysed: true, reason: 'a customer who agreed' },
  joinedAtMs: 1_700_000_000_000,
};
const point: EmotionPoint = {
  atMs: 1_700_000_000_200,
  state: 'speech',
  probabilities: [0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
  valence: -0.5,
  arousal: 1,
  confidence: 0.4,
};
const silence: EmotionPoint = {
  atMs: 1_700_000_000_400,
  state: 'silence',
  probabilities: null,
  valence: null,
  arousal: null,
  confidence: 0,
};

const bridgeMessages: BridgeMessage[] = [
  { type: 'hello', protocol: 1, bridgeId: 'bridge-a' },
  { type: 'speaker-joined', streamId: 0xffff_ffff, speaker },
  { type: 'speaker-updated', streamId: 1, speaker: { ...speaker, muted: true, consent: 'withdrawn' } },
  { type: 'speaker-left', streamId: 1, callId: 'call-1', speakerId: 'speaker_1' },
];
const analysisMessages: AnalysisMessage[] = [
  { type: 'hello', protocol: 1, analyzerId: 'analyzer-a' },
  { type: 'speaker-joined', speaker },
  { type: 'speaker-updated', speaker },
  { type: 'speaker-left', callId: 'call-1', speakerId: 'speaker_1' },
  { type: 'points', callId: 'call-1', speakerId: 'speaker_1', points: [point, silence] },
];

function refusalOf(parse: (text: string) => unknown, text: string): WireError | null {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    expect((error as WireError).code).toBe('message-malformed');
    return error as WireError;
  }
  return null;
}

describe('wire messages', () => {
  it.each(bridgeMessages)('reads the bridge message $type', (message) => {
    expect(parseBridgeMessage(JSON.stringify(message))).toEqual(message);
  });

  it.each(analysisMessages)('reads the analyzer message $type', (message) => {
    expect(parseAnalysisMessage(JSON.stringify(message))).toEqual(message);
  });

  it('reads credits', () => {
    expect(parseCreditMessage('{"type":"credit","frames":500}')).toEqual({ type: 'credit', frames: 500 });
  });

  it('drops fields it does not know, so that a newer sender is understood', () => {
    const newer = { ...bridgeMessages[0], colour: 'green' };
    expect(parseBridgeMessage(JSON.stringify(newer))).toEqual(bridgeMessages[0]);
  });

  const points = (change: object) => ({ ...analysisMessages[4], points: [{ ...point, ...change }] });
  it.each<[string, (text: string) => unknown, unknown]>([
    ['a message without type', parseBridgeMessage, { protocol: 1 }],
    ['an unknown type', parseBridgeMessage, { type: 'shutdown' }],
    ['another protocol version', parseBridgeMessage, { ...bridgeMessages[0], protocol: 2 }],
    ['a stream number above 32 bits', parseBridgeMessage, { ...bridgeMessages[1], streamId: 2 ** 32 }],
    ['a negative stream number', parseBridgeMessage, { ...bridgeMessages[1], streamId: -1 }],
    ['an unknown role', parseBridgeMessage, { ...bridgeMessages[1], speaker: { ...speaker, role: 'boss' } }],
    [
      'an unknown consent',
      parseBridgeMessage,
      { ...bridgeMessages[1], speaker: { ...speaker, consent: 'yes' } },
    ],
    ['a call id with a slash', parseBridgeMessage, { ...bridgeMessages[3], callId: '../etc' }],
    ['an id longer than 64 characters', parseBridgeMessage, { ...bridgeMessages[3], callId: 'a'.repeat(65) }],
    [
      'a nameless speaker',
      parseAnalysisMessage,
      { ...analysisMessages[1], speaker: { ...speaker, name: '' } },
    ],
    ['no points', parseAnalysisMessage, { ...analysisMessages[4], points: [] }],
    [
      'more points than a message may hold',
      parseAnalysisMessage,
      { ...analysisMessages[4], points: Array(257).fill(point) },
    ],
    ['seven probabilities', parseAnalysisMessage, points({ probabilities: Array(7).fill(1 / 7) })],
    ['a probability above one', parseAnalysisMessage, points({ probabilities: [1.2, 0, 0, 0, 0, 0, 0, 0] })],
    ['a valence below −1', parseAnalysisMessage, points({ valence: -1.01 })],
    ['an unknown state', parseAnalysisMessage, points({ state: 'sleeping' })],
    ['no credits', parseCreditMessage, { type: 'credit', frames: 0 }],
    ['half a credit', parseCreditMessage, { type: 'credit', frames: 1.5 }],
    ['null', parseBridgeMessage, null],
    ['a list', parseAnalysisMessage, [analysisMessages[0]]],
  ])('refuses %s', (_, parse, message) => {
    expect(refusalOf(parse, JSON.stringify(message))).not.toBeNull();
  });

  it('names the field that is wrong', () => {
    const message = { ...bridgeMessages[1], speaker: { ...speaker, role: 'boss' } };
    expect(refusalOf(parseBridgeMessage, JSON.stringify(message))?.message).toContain('speaker.role');
  });

  it('answers any text with a message or a typed error, nothing else', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('{"type":"hello"', '{"__proto__":{"type":"hello"}}', '[[[[', '1e999', '"\\ud800"'),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        for (const parse of [parseBridgeMessage, parseAnalysisMessage, parseCreditMessage]) {
          refusalOf(parse, text);
        }
      }),
    );
  });
});
