import { longestStepMs } from '@undertone/overlay';
import type { PointHistory } from '@undertone/wire';
import uPlot from 'uplot';
import { palette } from './palette.ts';
import type { TimeRange } from './time-window.ts';

type Column = (number | null)[];

/** Valence (solid) and arousal (dashed) of one speaker, drawn by uPlot on the time range that the page gives. */
export class AffectChart {
  readonly #plot: uPlot;
  #ticksMs: readonly number[] = [];

  constructor(container: HTMLElement) {
    const grid = { stroke: () => palette().rule, width: 1 };
    this.#plot = new uPlot(
      {
        width: container.clientWidth,
        height: container.clientHeight,
        ms: 1,
        padding: [4, 0, 4, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: true, auto: false }, y: { range: [-1.06, 1.06] } },
        axes: [
          { size: 0, grid, ticks: { show: false }, values: () => [], splits: () => [...this.#ticksMs] },
          { size: 0, grid, ticks: { show: false }, values: () => [], splits: () => [-1, 0, 1] },
        ],
        series: [
          {},
          { stroke: () => palette().ink, width: 1.75, points: { show: false } },
          { stroke: () => palette().inkSoft, width: 1.75, dash: [5, 4], points: { show: false } },
        ],
      },
      [[], [], []],
      container,
    );
  }

  draw(history: PointHistory, range: TimeRange, ticksMs: readonly number[]): void {
    this.#ticksMs = ticksMs;
    const data = columns(history, range);
    this.#plot.batch(() => {
      this.#plot.setData(data, false);
      this.#plot.setScale('x', { min: range.startMs, max: range.endMs });
    });
  }

  resize(width: number, height: number): void {
    this.#plot.setSize({ width, height });
  }

  /** The theme has changed. */
  redraw(): void {
    this.#plot.redraw(false, true);
  }

  destroy(): void {
    this.#plot.destroy();
  }
}

/** The points of the range and one beyond either end; null where there is no judgement or no data. */
function columns(history: PointHistory, range: TimeRange): [number[], Column, Column] {
  const first = Math.max(history.start, history.indexAfter(range.startMs) - 1);
  const last = Math.min(history.end, history.indexAfter(range.endMs) + 1);
  const [times, valence, arousal]: [number[], Column, Column] = [[], [], []];
  for (let i = first; i < last; i++) {
    const atMs = history.atMs[i];
    if (i > first && atMs - history.atMs[i - 1] > longestStepMs) {
      times.push(history.atMs[i - 1] + 1);
      valence.push(null);
      arousal.push(null);
    }
    times.push(atMs);
    valence.push(Number.isNaN(history.valence[i]) ? null : history.valence[i]);
    arousal.push(Number.isNaN(history.arousal[i]) ? null : history.arousal[i]);
  }
  return [times, valence, arousal];
}
