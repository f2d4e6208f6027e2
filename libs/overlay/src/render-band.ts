import { html, type TemplateResult } from 'lit';
import type { SpeakerTrack } from './call-feed.ts';
import { expressionShares } from './expression-runs.ts';
import type { Messages } from './messages.ts';
import './voice-band.ts';

const [shortestSeconds, longestSeconds] = [10, 900];

/** The span of a band, milliseconds, from an attribute: two minutes unless it is a number of seconds. */
export const spanOf = (seconds: number | null | undefined): number =>
  1_000 * (seconds ? Math.min(longestSeconds, Math.max(shortestSeconds, seconds)) : 120);

/** One speaker's last `spanMs` as a picture with its text. */
export function renderBand(
  { speaker, history }: SpeakerTrack,
  nowMs: number,
  spanMs: number,
  words: Messages,
): TemplateResult {
  const span = words.span(spanMs / 1_000);
  const startMs = nowMs - spanMs;
  const shares = expressionShares(history, history.lastAtMs - startMs).map(({ expression, share }) => ({
    expression,
    percent: `${Math.round(100 * share)}%`,
  }));
  const text =
    shares.length === 0 ? words.bandEmpty(speaker.name, span) : words.bandInWords(speaker.name, span, shares);
  return html`<undertone-band
    role="img"
    aria-label=${text}
    .view=${{ history, startMs, endMs: nowMs, words: words.expressions }}
    .span=${span}
    .now=${words.now}
  ></undertone-band>`;
}
