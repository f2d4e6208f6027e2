import type { Alert } from '@undertone/wire';
import { spanSeconds } from '../language/formats.ts';
import { CanvasElement } from './canvas-element.ts';
import type { ConversationMark } from './conversation-marks.ts';
import { paintEvidence } from './paint-evidence.ts';
import { type Palette, palette } from './palette.ts';
import type { TimeRange } from './time-window.ts';

const barHeight = 14;

/** `<ut-conversation-lane>`: where voices speak at once (filled) and where for long nobody does (a bracket). */
export class ConversationLane extends CanvasElement {
  #view: {
    marks: readonly ConversationMark[];
    range: TimeRange;
    ticksMs: readonly number[];
    alerts: readonly Alert[];
  } | null = null;

  /** @param alerts about the call as a whole, whose evidence is drawn under the marks */
  draw(
    marks: readonly ConversationMark[],
    range: TimeRange,
    ticksMs: readonly number[],
    alerts: readonly Alert[],
  ): void {
    this.#view = { marks, range, ticksMs, alerts };
    this.repaint();
  }

  protected override paint(
    context: CanvasRenderingContext2D,
    width: number,
    height: number,
    ratio: number,
  ): void {
    if (!this.#view) return;
    const { marks, range, ticksMs, alerts } = this.#view;
    const colours = palette();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const x = (ms: number): number => ((ms - range.startMs) / (range.endMs - range.startMs)) * width;
    context.fillStyle = colours.rule;
    for (const ms of ticksMs) context.fillRect(Math.round(x(ms)), 0, 1, height);
    context.font = `600 12px ${colours.fontFamily}`;
    context.textBaseline = 'middle';
    for (const mark of marks) {
      const left = Math.round(Math.max(-2, x(mark.startMs)));
      const right = Math.round(Math.min(width + 2, x(mark.endMs)));
      const text = `${spanSeconds(mark.endMs - mark.startMs)} s`;
      if (mark.kind === 'talk-over') paintTalkOver(context, left, right, height / 2, text, colours);
      else paintSilence(context, left, right, height / 2, text, colours);
    }
    paintEvidence(context, width, height - 4, alerts, range, colours.ink);
  }
}

function paintTalkOver(
  context: CanvasRenderingContext2D,
  left: number,
  right: number,
  middle: number,
  text: string,
  { ink, surface }: Palette,
): void {
  const width = Math.max(3, right - left);
  context.fillStyle = ink;
  context.fillRect(left, middle - barHeight / 2, width, barHeight);
  // Two lines: two voices.
  context.fillStyle = surface;
  const room = width - context.measureText(text).width - 12;
  context.fillRect(left, middle - 1, room > 0 ? Math.min(10, room) : width, 2);
  if (room > 10) context.fillText(text, left + 14, middle + 1);
}

function paintSilence(
  context: CanvasRenderingContext2D,
  left: number,
  right: number,
  middle: number,
  text: string,
  { inkSoft, surface }: Palette,
): void {
  const [top, bottom] = [middle - barHeight / 2 + 0.5, middle + barHeight / 2 - 0.5];
  context.strokeStyle = inkSoft;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(left + 0.75, top);
  context.lineTo(left + 0.75, bottom);
  context.moveTo(right - 0.75, top);
  context.lineTo(right - 0.75, bottom);
  context.moveTo(left, middle);
  context.lineTo(right, middle);
  context.stroke();
  const textWidth = context.measureText(text).width;
  if (right - left < textWidth + 16) return;
  const at = (left + right - textWidth) / 2;
  context.fillStyle = surface;
  context.fillRect(at - 4, top, textWidth + 8, barHeight);
  context.fillStyle = inkSoft;
  context.fillText(text, at, middle + 1);
}
customElements.define('ut-conversation-lane', ConversationLane);
