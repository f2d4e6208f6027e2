import { type Expression, expressions } from '@undertone/wire';
import type { ExpressionRun } from './expression-runs.ts';
import { glyphs } from './glyphs.ts';
import { labelInk } from './label-ink.ts';

/** Colours as a canvas needs them: resolved, by index into `expressions` where there is one for each. */
export interface BandPalette {
  expressions: readonly string[];
  inkFaint: string;
  surface: string;
  fontFamily: string;
}

/** In CSS pixels. */
const glyphSize = 16;
const narrowestGlyphRun = 20;
const paths = new Map<Expression, Path2D>();

/**
 * One run of a band, from its top to `bandHeight`: strength is the confidence, with glyph and word wherever they fit. The
 * context is scaled to CSS pixels.
 */
export function paintExpressionRun(
  context: CanvasRenderingContext2D,
  left: number,
  right: number,
  bandHeight: number,
  run: ExpressionRun,
  palette: BandPalette,
  words: Readonly<Record<Expression, string>>,
): void {
  const from = Math.round(left);
  const width = Math.round(right) - from;
  if (width <= 0) return;
  if (run.state === 'silence') {
    paintSilence(context, from, from + width, bandHeight / 2, palette.inkFaint);
  } else if (run.state === 'concealed') {
    paintLostAudio(context, from, width, bandHeight, palette.inkFaint);
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
      context.strokeStyle = labelInk(colour, strength, palette.surface);
      context.fillStyle = context.strokeStyle;
      context.font = `600 12.5px ${palette.fontFamily}`;
      paintLabel(context, from, width, bandHeight, run.expression, words[run.expression]);
    }
  }
}

/** Glyph, and the word if there is room, in the ink and font of the context. */
function paintLabel(
  context: CanvasRenderingContext2D,
  left: number,
  width: number,
  bandHeight: number,
  expression: Expression,
  word: string,
): void {
  const withWord = width >= context.measureText(word).width + glyphSize + 14;
  context.save();
  context.translate(
    left + (withWord ? 5 : Math.min(5, (width - glyphSize) / 2)),
    (bandHeight - glyphSize) / 2,
  );
  context.scale(glyphSize / 24, glyphSize / 24);
  context.lineWidth = 2.6;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  const path = paths.get(expression) ?? new Path2D(glyphs[expression]);
  paths.set(expression, path);
  context.stroke(path);
  context.restore();
  if (!withWord) return;
  context.textBaseline = 'middle';
  context.fillText(word, left + glyphSize + 9, bandHeight / 2 + 1);
}

/** Silence: dots on a fixed grid, so that they stand still while the data moves. */
export function paintSilence(
  context: CanvasRenderingContext2D,
  left: number,
  right: number,
  y: number,
  inkFaint: string,
): void {
  context.globalAlpha = 0.8;
  context.fillStyle = inkFaint;
  for (let at = Math.ceil(left / 6) * 6; at < right; at += 6) context.fillRect(at, y - 1, 2, 2);
}

/** Lost audio: slanted strokes. */
function paintLostAudio(
  context: CanvasRenderingContext2D,
  left: number,
  width: number,
  bandHeight: number,
  inkFaint: string,
): void {
  context.save();
  context.beginPath();
  context.rect(left, 0, width, bandHeight);
  context.clip();
  context.globalAlpha = 0.7;
  context.strokeStyle = inkFaint;
  context.lineWidth = 1.25;
  context.beginPath();
  for (let at = Math.floor(left / 7) * 7 - bandHeight; at < left + width; at += 7) {
    context.moveTo(at, bandHeight);
    context.lineTo(at + bandHeight, 0);
  }
  context.stroke();
  context.restore();
}
