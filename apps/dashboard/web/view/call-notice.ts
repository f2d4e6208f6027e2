import type { CallFeed } from '@undertone/overlay';
import { html, nothing } from 'lit';
import { clockTime } from '../language/formats.ts';
import { messages } from '../language/locale.ts';

/** What is to be known about the call that is shown: that it ended, or that what is seen is old. */
export function callNotice({ state, analyzerConnected, endedAtMs }: CallFeed) {
  const says = messages().call;
  const notice = (heading: string, text: string) => html`<ut-notice .heading=${heading}>${text}</ut-notice>`;
  if (endedAtMs !== null) return notice(says.endedAt(clockTime(endedAtMs)), says.endedText);
  if (state === 'reconnecting') return notice(says.connectionLost, says.connectionLostText);
  if (state === 'unavailable') return notice(says.restarted, says.restartedText);
  if (state === 'live' && analyzerConnected === false)
    return notice(says.analyzerDown, says.analyzerDownText);
  return nothing;
}

/** Instead of a call that is not there, or not yet. */
export function emptyCall({ state, callId }: CallFeed) {
  const says = messages().call;
  if (state !== 'missing') return html`<main class="empty" role="status"><p>${says.loading}</p></main>`;
  return html`<main class="empty">
    <h2>${says.missing(callId)}</h2>
    <p>${says.missingText}</p>
    <p><a href="/">${says.allLiveCalls}</a></p>
  </main>`;
}
