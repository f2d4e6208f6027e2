import type { PointHistory } from '../../src/calls/point-history.ts';
import { CanvasElement } from './canvas-element.ts';
import { paintExpressionLane } from './paint-expression-lane.ts';
import { palette } from './palette.ts';
import type { TimeRange } from './time-window.ts';

/** `<ut-expression-lane>`: the expressions of one speaker over a range of time. */
export class ExpressionLane extends CanvasElement {
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
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { history, range, ticksMs } = this.#view;
    paintExpressionLane(context, width, height, history, range, ticksMs, palette());
  }
}
customElements.define('ut-expression-lane', ExpressionLane);
