import { longestStepMs } from '@undertone/overlay';
import type { PointHistory } from '@undertone/wire';
import { slightDeviation } from '../data/own-normal.ts';
import { CanvasElement } from './canvas-element.ts';
import { palette } from './palette.ts';
import type { TimeRange } from './time-window.ts';

/** What the lane's edges stand for, in standard deviations: what the wire is limited to. */
const mostDeviations = 4;

/**
 * `<ut-change-lane>`: how far valence (solid) and arousal (dashed) are from what is usual for this speaker. The middle
 * is the speaker's own normal, the band around it as usual.
 */
export class ChangeLane extends CanvasElement {
  #view: { history: PointHistory; range: TimeRange; ticksMs: readonly number[] } | null = null;

  draw(history: PointHistory, range: TimeRange, ticksMs: readonly number[]): void {
    this.#view = { history, range, ticksMs };
    this.repaint();
  }

  protected override paint(
    context: CanvasRenderingContext2D,
    width: number,
    height: number,
    ratio: number,
  ): void {
    if (!this.#view) return;
    const { history, range, ticksMs } = this.#view;
    const { ink, inkSoft, inkFaint, rule } = palette();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const x = (ms: number): number => ((ms - range.startMs) / (range.endMs - range.startMs)) * width;
    const y = (deviations: number): number => height / 2 - (deviations / mostDeviations) * (height / 2 - 1);
    context.fillStyle = inkFaint;
    context.globalAlpha = 0.14;
    context.fillRect(0, y(slightDeviation), width, y(-slightDeviation) - y(slightDeviation));
    context.globalAlpha = 1;
    context.fillStyle = rule;
    for (const ms of ticksMs) context.fillRect(Math.round(x(ms)), 0, 1, height);
    context.fillStyle = inkFaint;
    context.fillRect(0, Math.round(height / 2), width, 1);

    const first = Math.max(history.start, history.indexAfter(range.startMs) - 1);
    const last = Math.min(history.end, history.indexAfter(range.endMs) + 1);
    context.lineWidth = 1.75;
    context.strokeStyle = inkSoft;
    context.setLineDash([5, 4]);
    strokeColumn(context, history, history.arousalChange, first, last, x, y);
    context.strokeStyle = ink;
    context.setLineDash([]);
    strokeColumn(context, history, history.valenceChange, first, last, x, y);
  }
}

/** A line through the values of a column, broken where there is none. */
function strokeColumn(
  context: CanvasRenderingContext2D,
  { atMs }: PointHistory,
  column: Float32Array,
  first: number,
  last: number,
  x: (ms: number) => number,
  y: (deviations: number) => number,
): void {
  context.beginPath();
  let drawing = false;
  for (let i = first; i < last; i++) {
    if (Number.isNaN(column[i])) {
      drawing = false;
      continue;
    }
    const connected = drawing && atMs[i] - atMs[i - 1] <= longestStepMs;
    if (connected) context.lineTo(x(atMs[i]), y(column[i]));
    else context.moveTo(x(atMs[i]), y(column[i]));
    drawing = true;
  }
  context.stroke();
}
customElements.define('ut-change-lane', ChangeLane);
