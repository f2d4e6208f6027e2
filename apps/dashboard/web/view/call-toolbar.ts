import { html, nothing } from 'lit';
import type { OlderPoints } from '../data/older-points.ts';
import { messages } from '../language/locale.ts';
import type { TimeWindow } from '../timeline/time-window.ts';

const minuteMs = 60_000;
const presets = [1, 2, 5, 15];

export const zoomStep = 1.6;

/** The buttons above the timeline: how much time is shown, and whether it follows. */
export function callToolbar(options: {
  window: TimeWindow;
  ended: boolean;
  /** Length of the call so far. */
  callMs: number;
  older: OlderPoints['state'];
  setSpan: (spanMs: number) => void;
  zoom: (factor: number) => void;
  follow: () => void;
}) {
  const { window, ended, callMs, older, setSpan, zoom, follow } = options;
  const says = messages().call;
  const minutes = Math.round((window.spanMs / minuteMs) * 10) / 10;
  const loading = older === 'loading' ? says.loadingOlder : older === 'failed' ? says.olderFailed : '';
  return html`
    <div class="toolbar" role="toolbar" aria-label=${says.timeShown}>
      ${presets.map(
        (each) => html`<button aria-pressed=${minutes === each} @click=${() => setSpan(each * minuteMs)}>
          ${says.minutes(each)}
        </button>`,
      )}
      ${
        callMs > presets[presets.length - 1] * minuteMs
          ? html`<button aria-pressed=${window.spanMs >= callMs} @click=${() => setSpan(callMs)}>
            ${says.wholeCall}
          </button>`
          : nothing
      }
      <span class="divider"></span>
      <button class="icon-button" aria-label=${says.zoomOut} title="${says.zoomOut} (−)" @click=${() => zoom(zoomStep)}>
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 12H18" /></svg>
      </button>
      <button class="icon-button" aria-label=${says.zoomIn} title="${says.zoomIn} (+)" @click=${() => zoom(1 / zoomStep)}>
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 12H18M12 6V18" /></svg>
      </button>
      <span class="older" role="status">${loading}</span>
      ${
        window.following
          ? html`<span class="following">${ended ? says.atTheEnd : says.followingLive}</span>`
          : html`<button class="jump" title="End" @click=${follow}>
            ${ended ? says.jumpToEnd : says.jumpToLive}
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12H15M11 7L16 12L11 17M19 6V18" /></svg>
          </button>`
      }
    </div>
  `;
}
