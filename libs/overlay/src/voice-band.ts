import { type Expression, expressions, type PointHistory } from '@undertone/wire';
import { css, html, LitElement } from 'lit';
import { expressionRuns } from './expression-runs.ts';
import { type BandPalette, paintExpressionRun } from './paint-expression-run.ts';

/** Of the band, in the units that it is painted in. */
const bandHeight = 26;
/** A page may change its colours at any time. */
const paletteLastsMs = 1_000;

interface BandView {
  history: PointHistory;
  startMs: number;
  endMs: number;
  words: Readonly<Record<Expression, string>>;
}

/** `<undertone-band>`: the likeliest expression of one speaker over a stretch of time. For the other components. */
class VoiceBand extends LitElement {
  static override properties = {
    view: { attribute: false },
    span: { attribute: false },
    now: { attribute: false },
  };
  declare view: BandView;
  /** What stands below the left end, and below the right. */
  declare span: string;
  declare now: string;

  static override styles = css`
    :host {
      display: block;
      min-width: 0;
    }
    canvas {
      display: block;
      width: 100%;
      height: calc(1.625 * var(--undertone-rem, 1rem));
      border-radius: var(--ut-radius-sm);
      background: var(--ut-surface);
      box-shadow: 0 0 0 1px var(--ut-rule);
    }
    div {
      display: flex;
      justify-content: space-between;
      color: var(--ut-ink-soft);
      font-size: var(--ut-text-2xs);
    }
  `;

  #palette: BandPalette | null = null;
  #paletteAtMs = 0;

  override render() {
    return html`<canvas></canvas><div><span>${this.span}</span><span>${this.now}</span></div>`;
  }

  override updated(): void {
    const canvas = this.renderRoot.querySelector('canvas')!;
    const context = canvas.getContext('2d');
    const { clientWidth, clientHeight } = canvas;
    if (!context || clientWidth === 0 || clientHeight === 0) return;
    const ratio = window.devicePixelRatio;
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const scale = height / bandHeight;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    this.#paint(context, width / scale);
  }

  #paint(context: CanvasRenderingContext2D, width: number): void {
    const { history, startMs, endMs, words } = this.view;
    const x = (ms: number): number => ((ms - startMs) / (endMs - startMs)) * width;
    context.clearRect(0, 0, width, bandHeight);
    const first = history.indexAfter(startMs);
    const last = Math.min(history.end, history.indexAfter(endMs) + 1);
    for (const run of expressionRuns(history, first, last)) {
      const [left, right] = [Math.max(0, x(run.startMs)), Math.min(width, x(run.endMs))];
      paintExpressionRun(context, left, right, bandHeight, run, this.#colours(), words);
    }
    context.globalAlpha = 1;
  }

  /** Custom properties hold `light-dark()` unresolved; a colour that uses one is resolved. */
  #colours(): BandPalette {
    const now = performance.now();
    if (this.#palette && now - this.#paletteAtMs < paletteLastsMs) return this.#palette;
    const probe = document.createElement('span');
    this.renderRoot.append(probe);
    const computed = getComputedStyle(probe);
    const colour = (token: string): string => {
      probe.style.color = `var(--ut-${token})`;
      return computed.color;
    };
    this.#palette = {
      expressions: expressions.map((each) => colour(`expression-${each}`)),
      inkFaint: colour('ink-faint'),
      surface: colour('surface'),
      fontFamily: computed.getPropertyValue('--ut-font'),
    };
    this.#paletteAtMs = now;
    probe.remove();
    return this.#palette;
  }
}
if (!customElements.get('undertone-band')) customElements.define('undertone-band', VoiceBand);
