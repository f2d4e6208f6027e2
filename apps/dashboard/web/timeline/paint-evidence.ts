import type { Alert } from '@undertone/wire';
import type { TimeRange } from './time-window.ts';

/** The stretches of speech that alerts are about, as a line at height `y` with an end mark at either side. */
export function paintEvidence(
  context: CanvasRenderingContext2D,
  width: number,
  y: number,
  alerts: readonly Pick<Alert, 'fromMs' | 'untilMs'>[],
  range: TimeRange,
  ink: string,
): void {
  const x = (ms: number): number => ((ms - range.startMs) / (range.endMs - range.startMs)) * width;
  context.fillStyle = ink;
  for (const { fromMs, untilMs } of alerts) {
    const [left, right] = [Math.round(x(fromMs)), Math.round(x(untilMs ?? range.endMs))];
    if (right < 0 || left > width) continue;
    context.fillRect(left, y - 1.5, Math.max(3, right - left), 3);
    context.fillRect(left, y - 4, 2, 8);
    if (untilMs !== null) context.fillRect(right - 2, y - 4, 2, 8);
  }
}
