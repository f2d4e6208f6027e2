import { startOfPoint } from '@undertone/overlay';
import type { PointHistory } from '@undertone/wire';
import { type EmotionPoint, expressions, type Speaker } from '@undertone/wire';
import { css, html, nothing } from 'lit';
import { differences } from '../data/own-normal.ts';
import { clockTime, percent, signed } from '../language/formats.ts';
import { messages } from '../language/locale.ts';
import { controlStyles } from './control-styles.ts';
import { glyphPicture, markStyles, readVoice, voiceMark } from './expression-mark.ts';
import { LocalizedElement } from './localized-element.ts';

/** A newest point older than this says nothing about now. */
const freshMs = 4_000;
/** How many expressions are named with their probability. */
const named = 3;
/** A valence or arousal nearer to 0 than this is called even. */
const evenBelow = 0.15;

/** The point that is drawn at `ms`; null where nothing is. */
export function pointAt(history: PointHistory, ms: number) {
  const i = history.indexAfter(ms - 1);
  return i < history.end && startOfPoint(history, i) <= ms ? history.point(i) : null;
}

/** `<ut-speaker-reading>`: how a voice sounds at one moment, in words and numbers: now, or under the pointer. */
export class SpeakerReading extends LocalizedElement {
  static override properties = {
    speaker: { attribute: false },
    history: { attribute: false },
    /** Capture time to read; null for now. */
    atMs: { type: Number },
    nowMs: { type: Number },
  };
  declare speaker: Speaker;
  declare history: PointHistory;
  declare atMs: number | null;
  declare nowMs: number;

  static override styles = [
    controlStyles,
    markStyles,
    css`
      :host {
        display: block;
        --mark-size: 2.25rem;
      }
      .main {
        display: flex;
        align-items: center;
        gap: var(--ut-space-3);
        min-height: 2.5rem;
      }
      .word {
        font-size: var(--ut-text-lg);
        font-weight: var(--ut-weight-bold);
        line-height: 1.15;
      }
      .quiet .word {
        color: var(--ut-ink-soft);
        font-weight: var(--ut-weight-regular);
      }
      .when {
        color: var(--ut-ink-soft);
        font-size: var(--ut-text-xs);
        line-height: 1.3;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr auto;
        align-items: center;
        gap: 0.125rem var(--ut-space-2);
        margin: var(--ut-space-3) 0 0;
        font-size: var(--ut-text-xs);
        line-height: 1.125rem;
        --mark-size: 1.125rem;
      }
      dt {
        display: flex;
        align-items: center;
        gap: var(--ut-space-2);
        color: var(--ut-ink-soft);
      }
      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
        text-align: end;
      }
      .bar {
        overflow: hidden;
        height: 0.375rem;
        border-radius: 2px;
        background: var(--ut-surface-sunken);
      }
      .bar svg {
        display: block;
        width: 100%;
        height: 100%;
        fill: var(--ut-ink-soft);
      }
      .affect {
        margin-top: var(--ut-space-2);
        padding-top: var(--ut-space-2);
        border-top: 1px solid var(--ut-rule);
      }
      .stroke {
        width: 1.125rem;
        height: 0.5rem;
        fill: none;
        stroke: var(--ut-ink);
        stroke-width: 2;
      }
      .arousal .stroke {
        stroke: var(--ut-ink-soft);
        stroke-dasharray: 5 3;
      }
      .scale {
        color: var(--ut-ink-faint);
      }
      .change {
        margin: var(--ut-space-2) 0 0;
        color: var(--ut-ink-soft);
        font-size: var(--ut-text-xs);
        line-height: 1.3;
      }
    `,
  ];

  override render() {
    const { speaker, history, atMs } = this;
    const newest = history.length > 0 ? history.point(history.end - 1) : null;
    const fresh = newest && this.nowMs - newest.atMs < freshMs ? newest : null;
    const point = atMs === null ? fresh : pointAt(history, atMs);
    const nothingHere = !point && history.length > 0 && speaker.decision.analysed;
    const voice = nothingHere
      ? {
          glyph: 'silence' as const,
          expression: null,
          word: messages().voice.noData,
          confidence: null,
          tentative: true,
        }
      : readVoice(speaker, point);
    const when = atMs === null ? messages().call.now : clockTime(atMs);
    const judged = point?.probabilities && point.state !== 'silence' ? point : null;
    return html`
      <div class="main ${voice.expression === null ? 'quiet' : ''}">
        ${voiceMark(voice)}
        <div>
          <div class="word">${voice.word}</div>
          <div class="when numbers">
            ${voice.confidence === null ? when : messages().call.confidence(percent(voice.confidence), when)}
          </div>
        </div>
      </div>
      ${judged ? this.#mix(judged.probabilities!) : nothing}
      ${judged ? this.#affect(judged.valence, judged.arousal) : nothing}
      ${judged?.change ? this.#change(judged.change) : nothing}
    `;
  }

  #mix(probabilities: number[]) {
    const largest = probabilities
      .map((probability, k) => ({ probability, expression: expressions[k] }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, named);
    return html`<dl>
      ${largest.map(
        ({ probability, expression }) => html`
          <dt>
            <span class="mark" data-kind="confident" data-expression=${expression} aria-hidden="true">
              ${glyphPicture(expression)}
            </span>
            ${messages().expressions[expression]}
          </dt>
          <dd class="bar" aria-hidden="true">
            <svg viewBox="0 0 100 1" preserveAspectRatio="none">
              <rect width=${100 * probability} height="1" />
            </svg>
          </dd>
          <dd>${percent(probability)}</dd>
        `,
      )}
    </dl>`;
  }

  #change(change: NonNullable<EmotionPoint['change']>) {
    const { valence, arousal } = change;
    const says = messages().call;
    const deviations = says.changeDeviations(signed(valence), signed(arousal));
    return html`<p class="change" title=${deviations}>${says.change(differences(change))}</p>`;
  }

  #affect(valence: number | null, arousal: number | null) {
    const stroke = html`<svg class="stroke" viewBox="0 0 18 8" aria-hidden="true"><path d="M0 4H18" /></svg>`;
    const says = messages().call;
    const place = (
      value: number | null,
      low: keyof typeof says.scale,
      high: keyof typeof says.scale,
    ): string =>
      value === null ? '' : says.scale[value < -evenBelow ? low : value > evenBelow ? high : 'even'];
    return html`<dl class="affect">
      <dt>${stroke}${says.valence}</dt>
      <dd class="scale">${place(valence, 'unpleasant', 'pleasant')}</dd>
      <dd>${valence === null ? '–' : signed(valence)}</dd>
      <dt class="arousal">${stroke}${says.arousal}</dt>
      <dd class="scale">${place(arousal, 'drowsy', 'excited')}</dd>
      <dd>${arousal === null ? '–' : signed(arousal)}</dd>
    </dl>`;
  }
}
customElements.define('ut-speaker-reading', SpeakerReading);
