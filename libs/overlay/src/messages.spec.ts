import { expressions } from '@undertone/wire';
import { describe, expect, test } from 'vitest';
import { chooseLanguage, messagesIn } from './messages.ts';

describe('the language', () => {
  test('is the first that there is, whatever its region or script', () => {
    expect(chooseLanguage(['fr-FR', 'zh-TW', 'en'])).toBe('zh-Hans');
    expect(chooseLanguage(['en-GB', 'zh'])).toBe('en');
  });

  test('is English if there is none', () => {
    expect(chooseLanguage(['fr', 'de'])).toBe('en');
    expect(chooseLanguage([])).toBe('en');
  });
});

describe.each(['en', 'zh-Hans'] as const)('the messages in %s', (language) => {
  test('say what a voice sounds like, never what somebody is', () => {
    const { soundsLike } = messagesIn(language);
    for (const expression of expressions)
      expect(soundsLike(expression)).toMatch(language === 'en' ? /^Sounds / : /^听起来/);
  });

  test('name every share of a band with its part', () => {
    const text = messagesIn(language).bandInWords('Ana', messagesIn(language).span(90), [
      { expression: 'angry', percent: '60%' },
      { expression: 'calm', percent: '40%' },
    ]);
    expect(text).toMatch(/Ana.*90.*60%.*40%/);
  });
});
