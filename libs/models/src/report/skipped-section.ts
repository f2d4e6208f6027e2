import type { SkippedClip } from '../corpus/clip.ts';
import { type Html, html } from './html.ts';

/** How many clips were left out for what; all of them by name where one looks. */
export function skippedSection(skipped: readonly SkippedClip[]): Html {
  if (skipped.length === 0) return html`<p>No clip was left out.</p>`;
  const reasons = [...Map.groupBy(skipped, ({ reason }) => reason)].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  return html`<p>Left out: ${skipped.length} clips.</p>
${reasons.map(
  ([reason, clips]) =>
    html`<details><summary>${clips.length} × ${reason}</summary><ul class="files">${clips.map(({ file }) => html`<li>${file}</li>`)}</ul></details>\n`,
)}`;
}
