import { html, nothing, type TemplateResult } from 'lit';
import { messages } from '../language/locale.ts';
import type { LinkState } from './top-bar.ts';

/** The undertone of the logo, asleep. */
const sleepingWave = 'M4 48c18 0 18 14 36 14s18-28 36-28 18 28 36 28 18-28 36-28 18 28 36 28 18-14 36-14';

/** A wall without calls: why, and what to do. */
export function emptyWall(link: LinkState, joinUrl: string | null): TemplateResult {
  const says = messages().wall;
  if (link === 'connecting') return html`<div class="empty" role="status"><p>${says.connecting}</p></div>`;
  const line = html`<svg viewBox="0 0 224 72" aria-hidden="true">
    <path d="M4 16H220" />
    <path stroke-dasharray="0.1 9" d=${sleepingWave} />
  </svg>`;
  const trouble = (heading: string, text: string) =>
    html`<div class="empty" role="status">
      ${line}
      <h1>${heading}</h1>
      <p>${text}</p>
    </div>`;
  if (link === 'reconnecting') return trouble(says.connectionLost, says.connectionLostText);
  if (link === 'analyzer-down') return trouble(says.waitingForAnalyzer, says.waitingForAnalyzerText);
  return html`<div class="empty">
    ${line}
    <h1>${says.noCalls}</h1>
    <p>${says.noCallsText}</p>
    ${joinUrl ? html`<a class="action" href=${joinUrl}>${says.startCall}</a>` : nothing}
  </div>`;
}
