const minSpanMs = 5_000;

export interface TimeRange {
  startMs: number;
  endMs: number;
}

/** The stretch of time that a timeline shows. It follows the live edge until somebody looks back. */
export class TimeWindow {
  #spanMs: number;
  readonly #maxSpanMs: number;
  /** null while following. */
  #endMs: number | null = null;

  constructor(spanMs: number, maxSpanMs: number) {
    this.#spanMs = spanMs;
    this.#maxSpanMs = maxSpanMs;
  }

  get following(): boolean {
    return this.#endMs === null;
  }

  get spanMs(): number {
    return this.#spanMs;
  }

  /** What is shown when the live edge is at `liveMs`. */
  range(liveMs: number): TimeRange {
    const endMs = this.#endMs ?? liveMs;
    return { startMs: endMs - this.#spanMs, endMs };
  }

  /** Moves by `byMs`, later if positive; follows again on reaching the live edge. Stops when `firstMs` is in the middle. */
  pan(byMs: number, liveMs: number, firstMs: number): void {
    const earliestEndMs = Math.min(liveMs, firstMs + this.#spanMs / 2);
    const endMs = Math.max(earliestEndMs, (this.#endMs ?? liveMs) + byMs);
    this.#endMs = endMs >= liveMs ? null : endMs;
  }

  /** Changes the span by `factor`; `anchorMs` keeps its place, or the live edge does while following. */
  zoom(factor: number, anchorMs: number, liveMs: number): void {
    const { startMs, endMs } = this.range(liveMs);
    const share = (anchorMs - startMs) / (endMs - startMs);
    this.setSpan(this.#spanMs * factor);
    if (this.#endMs === null) return;
    const newEndMs = anchorMs + (1 - share) * this.#spanMs;
    this.#endMs = newEndMs >= liveMs ? null : newEndMs;
  }

  setSpan(spanMs: number): void {
    this.#spanMs = Math.min(this.#maxSpanMs, Math.max(minSpanMs, spanMs));
  }

  follow(): void {
    this.#endMs = null;
  }
}

const stepsMs = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600].map((s) => s * 1_000);

/** Times at which to draw ticks: round, and no more than `maxTicks`. */
export function ticks({ startMs, endMs }: TimeRange, maxTicks: number): number[] {
  const stepMs = stepsMs.find((each) => (endMs - startMs) / each <= maxTicks) ?? stepsMs[stepsMs.length - 1];
  const times: number[] = [];
  for (let ms = Math.ceil(startMs / stepMs) * stepMs; ms <= endMs; ms += stepMs) times.push(ms);
  return times;
}
