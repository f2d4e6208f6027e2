import { type Expression, ribbonStepMs } from '@undertone/wire';
import { css, html, nothing } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { RankedCall } from '../data/wall-order.ts';
import { messages } from '../language/locale.ts';
import { expressionOrder } from '../timeline/expression-order.ts';
import { markStyles, voiceMark } from './expression-mark.ts';
import { LocalizedElement } from './localized-element.ts';

/** How far back the strip listens: longer than a turn in a conversation, so that it doesn't flicker with every pause. */
const recentSeconds = 30;

/** `<ut-overview>`: how many voices of the shown calls have just sounded like what. Counted anew every second. */
export class OverviewStrip extends LocalizedElement {
  static override properties = {
    shown: { attribute: false },
    total: { type: Number },
    nowMs: { type: Number },
    stale: { type: Boolean, reflect: true },
  };
  declare shown: RankedCall[];
  /** Live calls, shown or not. */
  declare total: number;
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

  override shouldUpdate(changed: Map<PropertyKey, unknown>): boolean {
    if (changed.size > 1 || !changed.has('shown')) return true;
    return (changed.get('shown') as RankedCall[] | undefined)?.length !== this.shown.length;
  }

  override render() {
    const counts = new Map<Expression, number>();
    let quiet = 0;
    let notAnalysed = 0;
    const liveCell = Math.floor(this.nowMs / ribbonStepMs);
    for (const { voices } of this.shown) {
      for (const { speaker, ribbon } of voices) {
        const heard = ribbon.heardMost(recentSeconds, liveCell);
        if (!speaker.decision.analysed) notAnalysed++;
        else if (heard === null) quiet++;
        else counts.set(heard, (counts.get(heard) ?? 0) + 1);
      }
    }
    const says = messages().wall;
    return html`
      <span class="total numbers" role="status">${says.shown(this.shown.length, this.total)}</span>
      <span class="word">${says.perceivedLately(recentSeconds)}</span>
      ${expressionOrder.map((expression) => this.#count(expression, counts.get(expression) ?? 0))}
      <span class="count"><b>${quiet}</b><span class="word">${says.silent}</span></span>
      ${
        notAnalysed > 0
          ? html`<span class="count"><b>${notAnalysed}</b><span class="word">${says.notAnalysed}</span></span>`
          : nothing
      }
    `;
  }

  #count(expression: Expression, count: number) {
    const word = messages().expressionsInline[expression];
    const mark = voiceMark({ glyph: expression, expression, word, confidence: 1, tentative: count === 0 });
    return html`<span class=${classMap({ count: true, none: count === 0 })}>
      ${mark}<b>${count}</b><span class="word">${word}</span>
    </span>`;
  }
}
customElements.define('ut-overview', OverviewStrip);
