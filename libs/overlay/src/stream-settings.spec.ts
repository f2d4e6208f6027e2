import { expect, test } from 'vitest';
import { readStreamSettings } from './stream-settings.ts';

test('the settings of a stream come from the address, the token from behind the #', () => {
  expect(
    readStreamSettings({
      search: '?call=claim-1&speaker=ana&timeline&seconds=60&theme=dark&lang=zh&size=2',
      hash: '#token=secret',
    }),
  ).toEqual({
    call: 'claim-1',
    speaker: 'ana',
    token: 'secret',
    timeline: true,
    seconds: '60',
    theme: 'dark',
    lang: 'zh',
    size: 2,
  });
});

test('what an address does not say, or says wrongly, is as if it were not there', () => {
  expect(readStreamSettings({ search: '?theme=pink&size=900', hash: '' })).toEqual({
    call: null,
    speaker: null,
    token: null,
    timeline: false,
    seconds: null,
    theme: null,
    lang: null,
    size: 1,
  });
});
