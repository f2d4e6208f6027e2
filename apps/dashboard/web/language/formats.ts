import { currentLanguage, currentTimeZone, onLocaleChange } from './locale.ts';

export const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** −0.62, +0.75, 0.00, with a real minus sign. */
export function signed(value: number): string {
  const digits = Math.abs(value).toFixed(2);
  if (digits === '0.00') return digits;
  return value < 0 ? `−${digits}` : `+${digits}`;
}

/** 4:07, or 1:04:07 from an hour on. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const pad = (part: number): string => String(part).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** 2.4, 12: seconds, to a tenth as long as that matters. */
export function spanSeconds(ms: number): string {
  return ms < 10_000 ? (ms / 1_000).toFixed(1) : String(Math.round(ms / 1_000));
}

let clockFormat: Intl.DateTimeFormat | null = null;
onLocaleChange(() => {
  clockFormat = null;
});

/** Time of day in the language and the time zone in force. */
export function clockTime(ms: number): string {
  clockFormat ??= new Intl.DateTimeFormat(currentLanguage(), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: currentTimeZone() ?? undefined,
  });
  return clockFormat.format(ms);
}

/** `GMT+9`: the zone of the times at that moment, for whoever reads them elsewhere. */
export function zoneName(ms: number): string {
  const format = new Intl.DateTimeFormat(currentLanguage(), {
    timeZone: currentTimeZone() ?? undefined,
    timeZoneName: 'shortOffset',
  });
  return format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
