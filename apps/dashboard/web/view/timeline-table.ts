import { css, html, LitElement, nothing } from 'lit';
import type { SpeakerTrack } from '../data/call-feed.ts';
import { expressionRuns } from '../timeline/expression-runs.ts';
import type { TimeRange } from '../timeline/time-window.ts';
import { clockTime, expressionWords, percent, stateWords } from '../words.ts';
import { controlStyles } from './control-styles.ts';

/** Rows shown at most, the newest first. */
const maxRows = 60;

/** `<ut-timeline-table>`: the shown stretch as text, for those who read rather than look. Costs nothing while closed. */
export class TimelineTable extends LitElement {
  static override properties = {
    tracks: { attribute: false },
    range: { attribute: false },
    open: { state: true },
  };
  declare tracks: SpeakerTrack[];
  declare range: TimeRange;
  declare open: boolean;

  constructor() {
    super();
    this.open = false;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        font-size: var(--ut-text-sm);
      }
      summary {
        width: fit-content;
        border-radius: var(--ut-radius-sm);
        color: var(--ut-ink-soft);
        cursor: pointer;
      }
      table {
        margin-top: var(--ut-space-3);
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: var(--ut-space-1) var(--ut-space-5) var(--ut-space-1) 0;
        border-bottom: 1px solid var(--ut-rule);
        text-align: start;
      }
      th {
        color: var(--ut-ink-soft);
        font-weight: var(--ut-weight-medium);
      }
    `,
  ];

  override render() {
    return html`<details @toggle=${this.#toggled}>
      <summary>This stretch as a table</summary>
      ${this.open ? this.#table() : nothing}
    </details>`;
  }

  #toggled(event: Event): void {
    this.open = (event.target as HTMLDetailsElement).open;
  }

  #table() {
    const rows = this.tracks
      .flatMap(({ speaker, history }) => {
        const first = history.indexAfter(this.range.startMs);
        const last = history.indexAfter(this.range.endMs);
        return expressionRuns(history, first, last).map((run) => ({ ...run, name: speaker.name }));
      })
      .sort((a, b) => b.startMs - a.startMs)
      .slice(0, maxRows);
    return html`<table>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col">Speaker</th>
          <th scope="col">Perceived expression</th>
          <th scope="col">Confidence</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (run) => html`<tr>
            <td>${clockTime(run.startMs)}</td>
            <td>${clockTime(run.endMs)}</td>
            <td>${run.name}</td>
            <td>
              ${run.expression ? expressionWords[run.expression] : ''}
              ${run.state === 'speech' ? '' : run.expression ? `(${stateWords[run.state].toLowerCase()})` : stateWords[run.state]}
            </td>
            <td>${run.expression ? percent(run.confidence) : '–'}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}
customElements.define('ut-timeline-table', TimelineTable);
