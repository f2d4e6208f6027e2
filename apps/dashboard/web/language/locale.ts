import { chinese } from './chinese.ts';
import { english } from './english.ts';
import type { Messages } from './messages.ts';

/** By the tag that goes into the page's `lang` attribute (BCP 47). A new language is a line here and a file of messages. */
export const languages = {
  en: { name: 'English', messages: english },
  'zh-Hans': { name: '简体中文', messages: chinese },
} satisfies Record<string, { name: string; messages: Messages }>;
export type Language = keyof typeof languages;

const languageKey = 'undertone-language';
const timeZoneKey = 'undertone-time-zone';
const isLanguage = (tag: string | null): tag is Language => tag !== null && Object.hasOwn(languages, tag);

let language: Language = 'en';
let timeZone: string | null = null;
const listeners = new Set<() => void>();

/** What the page says, in the language in force. */
export const messages = (): Messages => languages[language].messages;
export const currentLanguage = (): Language => language;
/** IANA name; null for that of the computer. */
export const currentTimeZone = (): string | null => timeZone;

/** The first of the browser's languages that there is, whatever its region or script; English if there is none. */
export function preferredLanguage(tags: readonly string[]): Language {
  const primary = (tag: string): string => tag.toLowerCase().split('-')[0];
  for (const tag of tags) {
    const found = Object.keys(languages).find((each) => primary(each) === primary(tag));
    if (isLanguage(found ?? null)) return found as Language;
  }
  return 'en';
}

/** What is remembered here, or null: storage can be empty, out of date or forbidden. */
export function rememberedLanguage(): Language | null {
  const remembered = recall(languageKey);
  return isLanguage(remembered) ? remembered : null;
}

/** Takes the remembered language and time zone, or the browser's. */
export function readLocale(): void {
  language = rememberedLanguage() ?? preferredLanguage(navigator.languages);
  timeZone = knownTimeZone(recall(timeZoneKey));
  document.documentElement.lang = language;
}

/** Switches and remembers; null follows the browser again. */
export function switchLanguage(chosen: Language | null): void {
  remember(languageKey, chosen);
  language = chosen ?? preferredLanguage(navigator.languages);
  document.documentElement.lang = language;
  announce();
}

/** Switches and remembers; null follows the computer again. */
export function switchTimeZone(chosen: string | null): void {
  timeZone = knownTimeZone(chosen);
  remember(timeZoneKey, timeZone);
  announce();
}

/** Calls `listener` whenever language or time zone changes; returns how to stop. */
export function onLocaleChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function announce(): void {
  for (const listener of listeners) listener();
}

function knownTimeZone(name: string | null): string | null {
  if (name === null) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return null;
  }
}

function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage can be forbidden; the choice then lasts as long as the page.
  }
}
