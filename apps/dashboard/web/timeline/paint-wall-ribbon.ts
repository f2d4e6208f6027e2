import { pointStates, ribbonCells } from '@undertone/wire';
import type { RibbonCell, RibbonTrack } from '../data/ribbon-track.ts';
import type { Palette } from './palette.ts';

const concealed = pointStates.indexOf('concealed');
const silence = pointStates.indexOf('silence');
const warmingUp = pointStates.indexOf('warming-up');
const cell: RibbonCell = { state: 0, expression: 0, confidence: 0, arousal: 0 };

/** Share of the height for an arousal: voices are hardly ever at the ends of −1 … 1, so the middle is spread out. */
function heightShare(arousal: number): number {
  const share = Math.min(1, Math.max(0, (arousal + 0.7) / 1.5));
  return 0.16 + 0.84 * share ** 1.2;
}

/**
 * Two minutes as a voice print, newest at the right: colour says which expression, height how aroused the voice is,
 * strength how confident the judgement. Silence is a dotted line, lost audio a row of short strokes, no data is empty.
 *
 * @param width and height in device pixels
 * @param liveCell number of the cell at the right edge
 */
export function paintWallRibbon(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  track: RibbonTrack,
  liveCell: number,
  { expressions, inkFaint }: Palette,
): void {
  context.clearRect(0, 0, width, height);
  const cells = Math.min(ribbonCells, Math.floor(width));
  const edge = (i: number): number => width - Math.round((i * width) / cells);
  const middle = height / 2;
  const hair = Math.max(1, Math.round(height / 28));
  for (let i = 0; i < cells; i++) {
    const x = edge(i + 1);
    const cellWidth = edge(i) - x;
    if (!track.read(liveCell - i, cell)) continue;
    const odd = (liveCell - i) % 2 === 1;
    if (cell.state === silence) {
      context.globalAlpha = 0.75;
      context.fillStyle = inkFaint;
      if (odd) context.fillRect(x, middle - hair / 2, cellWidth, hair);
    } else if (cell.state === concealed) {
      context.globalAlpha = 0.9;
      context.fillStyle = inkFaint;
      if (odd) context.fillRect(x, height * 0.3, Math.max(1, cellWidth / 2), height * 0.4);
    } else if (cell.expression >= 0) {
      const barHeight = Math.max(3 * hair, height * heightShare(cell.arousal / 100));
      context.globalAlpha = cell.state === warmingUp ? 0.35 : 0.4 + 0.6 * (cell.confidence / 100);
      context.fillStyle = expressions[cell.expression];
      context.fillRect(x, Math.round(middle - barHeight / 2), cellWidth, Math.round(barHeight));
    }
  }
  context.globalAlpha = 1;
}
