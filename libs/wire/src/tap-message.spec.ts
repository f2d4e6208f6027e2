import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTapMessage, parseTapReply, type TapMessage, type TapReply } from './tap-message.ts';
import { WireError } from './wire-error.ts';

const srtpKey = Buffer.alloc(44, 7).toString('base64');
const endpoint = { address: '192.0.2.7', port: 40_000, srtpKey };
const speaker = { requestId: 1, callId: 'call-1', speakerId: 'mara' };
const rtp = { payloadType: 100, ssrc: 0xffff_ffff, cname: null, audioLevelId: 6, absCaptureTimeId: 0 };
const details = { name: 'Mara', role: 'customer', consent: 'granted', muted: false } as const;
const decision = { analysed: true, reason: 'Customer, with consent' };

const messages: TapMessage[] = [
  { type: 'hello', tapId: 'tap-a' },
  { type: 'set-speaker', ...speaker, ...details },
  { type: 'open-pipe', requestId: 2, callId: 'call-1', endpoint },
  { type: 'produce', ...speaker, rtp },
  { type: 'check-pipe', requestId: 2, callId: 'call-1' },
  { type: 'stop-producing', ...speaker },
  { type: 'remove-speaker', ...speaker },
];
const replies: TapReply[] = [
  { type: 'welcome', bridgeId: 'bridge-a' },
  { type: 'granted', requestId: 1, value: { decision } },
  { type: 'refused', requestId: 1, code: 'call-full', message: 'this call is full' },
  { type: 'decision', callId: 'call-1', speakerId: 'mara', decision },
  { type: 'call-lost', callId: 'call-1' },
];

describe('messages between tap and bridge', () => {
  it.each(messages)('reads $type of a tap', (message) => {
    expect(parseTapMessage(JSON.stringify(message))).toEqual(message);
  });

  it.each(replies)('reads $type of the bridge', (reply) => {
    expect(parseTapReply(JSON.stringify(reply))).toEqual(reply);
  });

  it.each<[string, object]>([
    ['a key that is too short', { ...messages[2], endpoint: { ...endpoint, srtpKey: srtpKey.slice(4) } }],
    [
      'a key that is no Base64',
      { ...messages[2], endpoint: { ...endpoint, srtpKey: `!${srtpKey.slice(1)}` } },
    ],
    ['port 0', { ...messages[2], endpoint: { ...endpoint, port: 0 } }],
    ['an SSRC beyond 32 bits', { ...messages[3], rtp: { ...rtp, ssrc: 2 ** 32 } }],
    ['payload type 128', { ...messages[3], rtp: { ...rtp, payloadType: 128 } }],
    ['a header extension id of two bytes', { ...messages[3], rtp: { ...rtp, audioLevelId: 15 } }],
    ['consent that is neither given nor refused', { ...messages[1], consent: 'yes' }],
    ['a speaker without request number', { ...messages[1], requestId: undefined }],
    ['an unknown type', { ...speaker, type: 'record-speaker' }],
  ])('refuses %s', (_, message) => {
    expect(() => parseTapMessage(JSON.stringify(message))).toThrow(WireError);
  });

  it('answers any text with a message or a typed error, nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const parse of [parseTapMessage, parseTapReply]) {
          try {
            parse(text);
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
          }
        }
      }),
    );
  });
});
