import { type Expression, expressions, pointStates } from '@undertone/wire';
import type { PointHistory } from '../../src/calls/point-history.ts';
import { messages } from '../language/locale.ts';
import { probabilityOrder } from './expression-order.ts';
import { type ExpressionRun, expressionRuns, startOfPoint } from './expression-runs.ts';
import { glyphs } from './glyphs.ts';
import { labelInk } from './label-ink.ts';
import type { Palette } from './palette.ts';
import type { TimeRange } from './time-window.ts';

/** Heights in CSS pixels; the mix takes what the band leaves. */
export const bandHeight = 26;
export const laneGap = 8;
const glyphSize = 16;
const narrowestGlyphRun = 20;
const silence = pointStates.indexOf('silence');
const concealed = pointStates.indexOf('concealed');
const warmingUp = pointStates.indexOf('warming-up');
const paths = new Map(expressions.map((each) => [each, new Path2D(glyphs[each])]));

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
    paintRun(context, Math.max(0, x(run.startMs)), Math.min(width, x(run.endMs)), run, palette);
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
      paintDots(context, left, right, top + mixHeight / 2, palette);
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

function paintRun(
  context: CanvasRenderingContext2D,
  left: number,
  right: number,
  run: ExpressionRun,
  palette: Palette,
): void {
  const from = Math.round(left);
  const width = Math.round(right) - from;
  if (width <= 0) return;
  if (run.state === 'silence') {
    paintDots(context, from, from + width, bandHeight / 2, palette);
  } else if (run.state === 'concealed') {
    paintStrokes(context, from, width, palette);
  } else if (run.expression !== null) {
    const strength = run.state === 'warming-up' ? 0.35 : 0.35 + 0.65 * run.confidence;
    const colour = palette.expressions[expressions.indexOf(run.expression)];
    context.globalAlpha = strength;
    context.fillStyle = colour;
    context.fillRect(from, 0, width, bandHeight);
    context.globalAlpha = 1;
    // A hairline of paper between runs keeps neighbours apart for those who don't see the colours.
    context.fillStyle = palette.surface;
    context.fillRect(from, 0, 1, bandHeight);
    if (width >= narrowestGlyphRun) {
      const ink = labelInk(colour, strength, palette.surface);
      paintLabel(context, from, width, run.expression, ink, palette.fontFamily);
    }
  }
}

/** Glyph, and the word if there is room. */
function paintLabel(
  context: CanvasRenderingContext2D,
  left: number,
  width: number,
  expression: Expression,
  ink: string,
  fontFamily: string,
): void {
  context.font = `600 12.5px ${fontFamily}`;
  const word = messages().expressions[expression];
  const withWord = width >= context.measureText(word).width + glyphSize + 14;
  context.save();
  context.translate(
    left + (withWord ? 5 : Math.min(5, (width - glyphSize) / 2)),
    (bandHeight - glyphSize) / 2,
  );
  context.scale(glyphSize / 24, glyphSize / 24);
  context.strokeStyle = ink;
  context.lineWidth = 2.6;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.stroke(paths.get(expression)!);
  context.restore();
  if (!withWord) return;
  context.fillStyle = ink;
  context.textBaseline = 'middle';
  context.fillText(word, left + glyphSize + 9, bandHeight / 2 + 1);
}

/** Silence: dots on a fixed grid of four pixels, so that they stand still while the data moves. */
function paintDots(
  context: CanvasRenderingContext2D,
  left: number,
  right: number,
  y: number,
  palette: Palette,
): void {
  context.globalAlpha = 0.8;
  context.fillStyle = palette.inkFaint;
  for (let at = Math.ceil(left / 6) * 6; at < right; at += 6) context.fillRect(at, y - 1, 2, 2);
}

/** Lost audio: slanted strokes. */
function paintStrokes(
  context: CanvasRenderingContext2D,
  left: number,
  width: number,
  palette: Palette,
): void {
  context.save();
  context.beginPath();
  context.rect(left, 0, width, bandHeight);
  context.clip();
  context.globalAlpha = 0.7;
  context.strokeStyle = palette.inkFaint;
  context.lineWidth = 1.25;
  context.beginPath();
  for (let at = Math.floor(left / 7) * 7 - bandHeight; at < left + width; at += 7) {
    context.moveTo(at, bandHeight);
    context.lineTo(at + bandHeight, 0);
  }
  context.stroke();
  context.restore();
}
