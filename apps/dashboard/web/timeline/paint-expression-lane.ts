import { expressionRuns, paintExpressionRun, paintSilence, startOfPoint } from '@undertone/overlay';
import { expressions, type PointHistory, pointStates } from '@undertone/wire';
import { messages } from '../language/locale.ts';
import { probabilityOrder } from './expression-order.ts';
import type { Palette } from './palette.ts';
import type { TimeRange } from './time-window.ts';

/** Heights in CSS pixels; the mix takes what the band leaves. */
export const bandHeight = 26;
export const laneGap = 8;
const silence = pointStates.indexOf('silence');
const concealed = pointStates.indexOf('concealed');
const warmingUp = pointStates.indexOf('warming-up');

/**
 * One speaker's expressions over `range`: above, the likeliest as a band whose strength is the confidence, with glyph and
 * word wherever they fit; below, the mix of all probabilities, stacked. The context is scaled to CSS pixels.
 */
export function paintExpressionLane(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  history: PointHistory,
  range: TimeRange,
  gridMs: readonly number[],
  palette: Palette,
): void {
  context.clearRect(0, 0, width, height);
  const scale = width / (range.endMs - range.startMs);
  const x = (ms: number): number => (ms - range.startMs) * scale;

  context.fillStyle = palette.rule;
  for (const ms of gridMs) context.fillRect(Math.round(x(ms)), 0, 1, height);

  const first = history.indexAfter(range.startMs);
  const last = Math.min(history.end, history.indexAfter(range.endMs) + 1);
  paintMix(context, height - bandHeight - laneGap, history, first, last, x, palette);
  for (const run of expressionRuns(history, first, last)) {
    const [left, right] = [Math.max(0, x(run.startMs)), Math.min(width, x(run.endMs))];
    paintExpressionRun(context, left, right, bandHeight, run, palette, messages().expressions);
  }
  context.globalAlpha = 1;
}

function paintMix(
  context: CanvasRenderingContext2D,
  mixHeight: number,
  history: PointHistory,
  first: number,
  last: number,
  x: (ms: number) => number,
  palette: Palette,
): void {
  const top = bandHeight + laneGap;
  const classes = expressions.length;
  let drawnTo = Number.NEGATIVE_INFINITY;
  for (let i = first; i < last; i++) {
    const right = Math.round(x(history.atMs[i]));
    const left = Math.max(drawnTo, Math.round(x(startOfPoint(history, i))));
    // Several points on one pixel column: the newest that reaches the next column speaks for them.
    if (right <= left) continue;
    drawnTo = right;
    const state = history.state[i];
    if (state === silence) {
      paintSilence(context, left, right, top + mixHeight / 2, palette.inkFaint);
      continue;
    }
    context.globalAlpha = state === concealed ? 0.25 : state === warmingUp ? 0.4 : 0.92;
    let y = top;
    for (const k of probabilityOrder) {
      const height = history.probabilities[i * classes + k] * mixHeight;
      context.fillStyle = palette.expressions[k];
      context.fillRect(left, y, right - left, height);
      y += height;
    }
  }
}
