import type { SpeakerTrack } from '@undertone/overlay';
import type { Alert, PointHistory } from '@undertone/wire';
import { css, html, nothing, unsafeCSS } from 'lit';
import uplotSheet from 'uplot/dist/uPlot.min.css?inline';
import { clockTime, percent } from '../language/formats.ts';
import { messages } from '../language/locale.ts';
import { AffectChart } from '../timeline/affect-chart.ts';
import type { ChangeLane } from '../timeline/change-lane.ts';
import '../timeline/change-lane.ts';
import type { ExpressionLane } from '../timeline/expression-lane.ts';
import '../timeline/expression-lane.ts';
import { expressionShares } from '@undertone/overlay';
import { onPaletteChange } from '../timeline/palette.ts';
import type { TimeRange } from '../timeline/time-window.ts';
import { controlStyles } from './control-styles.ts';
import { markStyles, readVoice, voiceMark } from './expression-mark.ts';
import { LocalizedElement } from './localized-element.ts';
import './speaker-reading.ts';

/** What the page shows at this frame; the same object for every row. */
export interface TimelineView {
  range: TimeRange;
  ticksMs: readonly number[];
  /** Capture time under the pointer; null when there is none. */
  hoverMs: number | null;
  nowMs: number;
}

/** `<ut-speaker-row>`: one speaker on the call page: the reading at the left, the lanes on the common time axis. */
export class SpeakerRow extends LocalizedElement {
  static override properties = {
    track: { attribute: false },
    alerts: { attribute: false },
    view: { attribute: false },
  };
  declare track: SpeakerTrack;
  /** About this speaker. */
  declare alerts: Alert[];
  declare view: TimelineView;

  #chart: AffectChart | null = null;
  #observer: ResizeObserver | null = null;
  #forgetPalette = (): void => {};

  static override styles = [
    unsafeCSS(uplotSheet),
    controlStyles,
    markStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: var(--ut-reading-width) minmax(0, 1fr);
        gap: var(--ut-space-5);
        padding: var(--ut-space-4) 0 var(--ut-space-5);
        border-top: 1px solid var(--ut-rule);
      }
      h2 {
        margin: 0;
        font-size: var(--ut-text-md);
        font-weight: var(--ut-weight-bold);
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
      .role {
        margin-bottom: var(--ut-space-3);
        color: var(--ut-ink-soft);
        font-size: var(--ut-text-xs);
      }
      .reason {
        display: flex;
        align-items: center;
        gap: var(--ut-space-2);
        margin: 0;
        color: var(--ut-ink-soft);
        font-size: var(--ut-text-sm);
      }
      .lanes {
        position: relative;
        touch-action: pan-y;
      }
      ut-expression-lane {
        height: var(--ut-lane-height, 6rem);
      }
      .affect {
        position: relative;
        height: var(--ut-affect-height, 6rem);
        margin-top: var(--ut-space-2);
      }
      .change {
        position: relative;
        margin-top: var(--ut-space-2);
      }
      ut-change-lane {
        height: 3rem;
      }
      .affect .uplot {
        position: absolute;
      }
      .bound {
        position: absolute;
        left: 0;
        z-index: 1;
        padding: 0 0.25rem;
        border-radius: 2px;
        background: var(--ut-surface);
        color: var(--ut-ink-faint);
        font-size: var(--ut-text-2xs);
        line-height: 1;
        pointer-events: none;
      }
      .top {
        top: 0.125rem;
      }
      .bottom {
        bottom: 0.125rem;
      }
      .middle {
        top: 50%;
        translate: 0 -50%;
      }
      :host([left]) {
        opacity: 0.7;
      }
      @media (max-width: 52rem) {
        :host {
          grid-template-columns: minmax(0, 1fr);
          gap: var(--ut-space-3);
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#forgetPalette = onPaletteChange(() => this.#chart?.redraw());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forgetPalette();
    this.#observer?.disconnect();
    this.#chart?.destroy();
    this.#chart = null;
  }

  override willUpdate(): void {
    const { speaker, leftAtMs, history } = this.track;
    this.toggleAttribute('left', leftAtMs !== null);
    this.dataset.speakerId = speaker.id;
    this.dataset.points = String(history.length);
  }

  override render() {
    const { speaker, leftAtMs, history } = this.track;
    const { hoverMs, nowMs } = this.view;
    const says = messages();
    const facts = [says.roles[speaker.role]];
    if (speaker.muted) facts.push(says.voice.muted);
    if (leftAtMs !== null) facts.push(says.call.leftAt(clockTime(leftAtMs)));
    const role = html`<div class="role numbers">${facts.join(says.call.listSeparator)}</div>`;
    if (!speaker.decision.analysed && history.length === 0) {
      const voice = readVoice(speaker, null);
      return html`
        <section aria-label=${speaker.name}>
          <h2>${speaker.name}</h2>
          ${role}
        </section>
        <p class="reason">${voiceMark(voice)}<span>${voice.word}. <span lang="en">${speaker.decision.reason}</span></span></p>
      `;
    }
    return html`
      <section aria-label=${speaker.name}>
        <h2>${speaker.name}</h2>
        ${role}
        ${
          leftAtMs === null || hoverMs !== null
            ? html`<ut-speaker-reading
              .speaker=${speaker}
              .history=${history}
              .atMs=${hoverMs}
              .nowMs=${nowMs}
            ></ut-speaker-reading>`
            : nothing
        }
      </section>
      <div class="lanes" role="img" aria-label=${this.#inWords()}>
        <ut-expression-lane></ut-expression-lane>
        <div class="affect">
          <span class="bound top">+1</span><span class="bound bottom">−1</span>
        </div>
        ${
          hasNormal(history)
            ? html`<div class="change">
              <ut-change-lane></ut-change-lane>
              <span class="bound middle">${says.call.ownNormal}</span>
            </div>`
            : nothing
        }
      </div>
    `;
  }

  override updated(): void {
    const { history } = this.track;
    const { range, ticksMs } = this.view;
    this.renderRoot
      .querySelector<ExpressionLane>('ut-expression-lane')
      ?.draw(history, range, ticksMs, this.alerts);
    this.renderRoot.querySelector<ChangeLane>('ut-change-lane')?.draw(history, range, ticksMs);
    const container = this.renderRoot.querySelector<HTMLElement>('.affect');
    if (!container) {
      this.#observer?.disconnect();
      this.#chart?.destroy();
      this.#chart = null;
      return;
    }
    if (!this.#chart) {
      this.#chart = new AffectChart(container);
      this.#observer = new ResizeObserver(([entry]) =>
        this.#chart?.resize(entry.contentRect.width, entry.contentRect.height),
      );
      this.#observer.observe(container);
    }
    this.#chart.draw(history, range, ticksMs);
  }

  #inWords(): string {
    const shares = expressionShares(this.track.history, 120_000).slice(0, 3);
    const { call, expressionsInline } = messages();
    const { name } = this.track.speaker;
    if (shares.length === 0) return call.nothingSaid(name);
    const words = shares.map(({ expression, share }) =>
      call.share(expressionsInline[expression], percent(share)),
    );
    return call.shares(name, words.join(call.listSeparator));
  }
}

/** Whether it is known yet what is usual for this voice. */
function hasNormal({ valenceChange, start, end }: PointHistory): boolean {
  for (let i = end - 1; i >= start; i--) if (!Number.isNaN(valenceChange[i])) return true;
  return false;
}
customElements.define('ut-speaker-row', SpeakerRow);
