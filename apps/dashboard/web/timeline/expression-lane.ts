import type { Alert, PointHistory } from '@undertone/wire';
import { CanvasElement } from './canvas-element.ts';
import { paintEvidence } from './paint-evidence.ts';
import { bandHeight, laneGap, paintExpressionLane } from './paint-expression-lane.ts';
import { palette } from './palette.ts';
import type { TimeRange } from './time-window.ts';

/** `<ut-expression-lane>`: the expressions of one speaker over a range of time. */
export class ExpressionLane extends CanvasElement {
  #view: {
    history: PointHistory;
    range: TimeRange;
    ticksMs: readonly number[];
    alerts: readonly Alert[];
  } | null = null;

  /** @param alerts whose evidence is drawn under the band */
  draw(history: PointHistory, range: TimeRange, ticksMs: readonly number[], alerts: readonly Alert[]): void {
    this.#view = { history, range, ticksMs, alerts };
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
    const { history, range, ticksMs, alerts } = this.#view;
    paintExpressionLane(context, width, height, history, range, ticksMs, palette());
    paintEvidence(context, width, bandHeight + laneGap / 2, alerts, range, palette().ink);
  }
}
customElements.define('ut-expression-lane', ExpressionLane);
