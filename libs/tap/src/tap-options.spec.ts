import { describe, expect, it } from 'vitest';
import { TapError } from './tap-error.ts';
import { checkOptions, type TapOptions } from './tap-options.ts';

const options: TapOptions = { url: 'wss://undertone.example/tap', token: 'a-token' };

function refusal(changes: object): string {
  try {
    checkOptions({ ...options, ...changes });
  } catch (error) {
    expect(error).toBeInstanceOf(TapError);
    expect((error as TapError).code).toBe('option-wrong');
    return (error as TapError).message;
  }
  return '';
}

describe('the options of a tap', () => {
  it('expect a bridge on this machine and wait moderately', () => {
    expect(checkOptions(options)).toMatchObject({
      listen: { ip: '127.0.0.1' },
      requestTimeoutMs: 15_000,
      heartbeatMs: 5_000,
    });
  });

  it.each<[string, object]>([
    ['url', { url: 'https://undertone.example/tap' }],
    ['token', { token: 'two words' }],
    ['listen.ip', { listen: { ip: 'undertone.example' } }],
    ['listen.announcedAddress', { listen: { ip: '0.0.0.0' } }],
    ['listen.portRange.min', { listen: { ip: '10.0.0.1', portRange: { min: 0, max: 1 } } }],
    ['heartbeatMs', { heartbeatMs: 0 }],
  ])('are refused with a line about a wrong %s', (name, changes) => {
    expect(refusal(changes)).toContain(`\n${name}: `);
  });

  it.each(['ws://127.0.0.1:4100/tap', 'ws://127.8.9.10/tap', 'ws://localhost/tap', 'ws://[::1]/tap'])(
    'let the control channel be readable within this machine: %s',
    (url) => {
      expect(checkOptions({ ...options, url }).url).toBe(url);
    },
  );

  it('let it be readable beyond only if told so', () => {
    const url = 'ws://undertone.example/tap';
    expect(refusal({ url })).toContain('need wss:');
    expect(checkOptions({ ...options, url, allowPlaintext: true }).url).toBe(url);
  });
});
