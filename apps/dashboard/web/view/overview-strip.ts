import { type Expression, ribbonStepMs } from '@undertone/wire';
import { css, html, LitElement, nothing } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { WallCall } from '../data/wall-feed.ts';
import { expressionOrder } from '../timeline/expression-order.ts';
import { expressionWords } from '../words.ts';
import { markStyles, voiceMark } from './expression-mark.ts';

/** How far back the strip listens: longer than a turn in a conversation, so that it doesn't flicker with every pause. */
const recentSeconds = 30;

/** `<ut-overview>`: how many voices have just sounded like what. */
export class OverviewStrip extends LitElement {
  static override properties = {
    calls: { attribute: false },
    nowMs: { type: Number },
    stale: { type: Boolean, reflect: true },
  };
  declare calls: WallCall[];
  declare nowMs: number;
  declare stale: boolean;

  static override styles = [
    markStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--ut-space-1) var(--ut-space-4);
        margin: 0 var(--ut-page-margin) var(--ut-space-3);
        font-size: var(--ut-text-sm);
        --mark-size: 1.25rem;
      }
      .total {
        font-weight: var(--ut-weight-bold);
      }
      .count {
        display: inline-flex;
        align-items: center;
        gap: 0.4em;
        white-space: nowrap;
      }
      .count b {
        min-width: 1.1em;
        font-variant-numeric: tabular-nums;
        font-weight: var(--ut-weight-bold);
        text-align: end;
      }
      .word {
        color: var(--ut-ink-soft);
      }
      .none,
      .none .word {
        color: var(--ut-ink-faint);
      }
      .none b {
        font-weight: var(--ut-weight-regular);
      }
      :host([stale]) .mark {
        filter: grayscale(0.85);
        opacity: 0.55;
      }
      .none .mark {
        opacity: 0.55;
      }
    `,
  ];

  override render() {
    const counts = new Map<Expression, number>();
    let quiet = 0;
    let notAnalysed = 0;
    const liveCell = Math.floor(this.nowMs / ribbonStepMs);
    for (const { speakers } of this.calls) {
      for (const { speaker, ribbon } of speakers) {
        const heard = ribbon.heardMost(recentSeconds, liveCell);
        if (!speaker.decision.analysed) notAnalysed++;
        else if (heard === null) quiet++;
        else counts.set(heard, (counts.get(heard) ?? 0) + 1);
      }
    }
    return html`
      <span class="total numbers">${this.calls.length} ${this.calls.length === 1 ? 'call' : 'calls'}</span>
      <span class="word">perceived in the last ${recentSeconds} seconds</span>
      ${expressionOrder.map((expression) => this.#count(expression, counts.get(expression) ?? 0))}
      <span class="count"><b>${quiet}</b><span class="word">silent</span></span>
      ${
        notAnalysed > 0
          ? html`<span class="count"><b>${notAnalysed}</b><span class="word">not analysed</span></span>`
          : nothing
      }
    `;
  }

  #count(expression: Expression, count: number) {
    const word = expressionWords[expression];
    const mark = voiceMark({ glyph: expression, expression, word, confidence: 1, tentative: count === 0 });
    return html`<span class=${classMap({ count: true, none: count === 0 })}>
      ${mark}<b>${count}</b><span class="word">${word.toLowerCase()}</span>
    </span>`;
  }
}
customElements.define('ut-overview', OverviewStrip);
