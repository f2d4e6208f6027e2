import type { Expression } from '@undertone/wire';
import { chinese } from './chinese.ts';
import { english } from './english.ts';
import type { VoiceState } from './voice-reading.ts';

/** Everything that the components say, in one language. Say how a voice sounds, never what someone feels. */
export interface Messages {
  /** As labels of a band. */
  expressions: Record<Expression, string>;
  soundsLike: (expression: Expression) => string;
  /** Said instead of an expression when the confidence is too low. */
  unclear: string;
  confidence: (percent: string) => string;
  perhaps: (expression: Expression, percent: string) => string;
  states: Record<Exclude<VoiceState, 'speech'>, string>;
  perceivedOf: (name: string) => string;
  /** The band of one speaker for those who don't see it. */
  bandInWords: (name: string, span: string, shares: { expression: Expression; percent: string }[]) => string;
  bandEmpty: (name: string, span: string) => string;
  span: (seconds: number) => string;
  now: string;
  notice: { title: string; text: string; understood: string };
  connecting: string;
  unreachable: string;
  refused: string;
  callMalformed: string;
  missing: (callId: string) => string;
  notInCall: string;
  reconnecting: string;
  analyzerDown: string;
  ended: string;
}

/** By the tag that goes into the `lang` attribute (BCP 47). A new language is a line here and a file of messages. */
const languages = { en: english, 'zh-Hans': chinese } satisfies Record<string, Messages>;
export type Language = keyof typeof languages;

export const messagesIn = (language: Language): Messages => languages[language];

/** The first of `tags` that there is, whatever its region or script; English if there is none. */
export function chooseLanguage(tags: readonly string[]): Language {
  const primary = (tag: string): string => tag.toLowerCase().split('-')[0];
  for (const tag of tags) {
    const found = Object.keys(languages).find((each) => primary(each) === primary(tag));
    if (found !== undefined) return found as Language;
  }
  return 'en';
}
