import { clockTime } from '../language/formats.ts';
import { CanvasElement } from './canvas-element.ts';
import { palette } from './palette.ts';
import type { TimeRange } from './time-window.ts';

/** `<ut-time-ruler>`: the time axis that all speakers share. */
export class TimeRuler extends CanvasElement {
  #view: { range: TimeRange; ticksMs: readonly number[] } | null = null;

  draw(range: TimeRange, ticksMs: readonly number[]): void {
    this.#view = { range, ticksMs };
    this.repaint();
  }

  protected override paint(
    context: CanvasRenderingContext2D,
    width: number,
    height: number,
    ratio: number,
  ): void {
    if (!this.#view) return;
    const { range, ticksMs } = this.#view;
    const { inkSoft, rule, fontFamily } = palette();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = `12px ${fontFamily}`;
    context.textBaseline = 'middle';
    for (const ms of ticksMs) {
      const x = Math.round(((ms - range.startMs) / (range.endMs - range.startMs)) * width);
      context.fillStyle = rule;
      context.fillRect(x, height - 6, 1, 6);
      const text = clockTime(ms);
      const textWidth = context.measureText(text).width;
      if (x - textWidth / 2 < 0 || x + textWidth / 2 > width) continue;
      context.fillStyle = inkSoft;
      context.fillText(text, x - textWidth / 2, height / 2 - 2);
    }
  }
}
customElements.define('ut-time-ruler', TimeRuler);
