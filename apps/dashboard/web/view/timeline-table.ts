import type { SpeakerTrack } from '@undertone/overlay';
import { expressionRuns } from '@undertone/overlay';
import { css, html, nothing } from 'lit';
import { clockTime, percent, spanSeconds } from '../language/formats.ts';
import { messages } from '../language/locale.ts';
import type { ConversationMark } from '../timeline/conversation-marks.ts';
import type { TimeRange } from '../timeline/time-window.ts';
import { controlStyles } from './control-styles.ts';
import { LocalizedElement } from './localized-element.ts';

/** Rows shown at most, the newest first. */
const maxRows = 60;

/** `<ut-timeline-table>`: the shown stretch as text, for those who read rather than look. Costs nothing while closed. */
export class TimelineTable extends LocalizedElement {
  static override properties = {
    tracks: { attribute: false },
    marks: { attribute: false },
    range: { attribute: false },
    open: { state: true },
  };
  declare tracks: SpeakerTrack[];
  declare marks: ConversationMark[];
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
      <summary>${messages().table.open}</summary>
      ${this.open ? this.#table() : nothing}
    </details>`;
  }

  #toggled(event: Event): void {
    this.open = (event.target as HTMLDetailsElement).open;
  }

  #table() {
    const says = messages();
    const rows = [...this.#expressionRows(), ...this.#markRows()]
      .sort((a, b) => b.startMs - a.startMs)
      .slice(0, maxRows);
    const headings = ['from', 'to', 'speaker', 'expression', 'confidence'] as const;
    return html`<table>
      <thead>
        <tr>
          ${headings.map((each) => html`<th scope="col">${says.table[each]}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr>
            <td>${clockTime(row.startMs)}</td>
            <td>${clockTime(row.endMs)}</td>
            <td>${row.who}</td>
            <td>${row.what}</td>
            <td>${row.confidence === null ? '–' : percent(row.confidence)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #expressionRows(): Row[] {
    const { expressions, states, statesInline, table } = messages();
    return this.tracks.flatMap(({ speaker, history }) => {
      const first = history.indexAfter(this.range.startMs);
      const last = history.indexAfter(this.range.endMs);
      return expressionRuns(history, first, last).map(({ startMs, endMs, state, expression, confidence }) => {
        const word = expression && expressions[expression];
        const what =
          state === 'speech' ? (word ?? '') : word ? table.inState(word, statesInline[state]) : states[state];
        return { startMs, endMs, who: speaker.name, what, confidence: expression ? confidence : null };
      });
    });
  }

  #markRows(): Row[] {
    const { marks, table } = messages();
    return this.marks.map(({ kind, startMs, endMs }) => {
      const seconds = spanSeconds(endMs - startMs);
      const what = kind === 'talk-over' ? marks.talkOverFor(seconds) : marks.longSilenceFor(seconds);
      return { startMs, endMs, who: table.everyone, what, confidence: null };
    });
  }
}

interface Row {
  startMs: number;
  endMs: number;
  who: string;
  what: string;
  confidence: number | null;
}
customElements.define('ut-timeline-table', TimelineTable);
