/** Where progress goes: standard output or what stands in for it. */
export interface ProgressTarget {
  isTTY?: boolean | undefined;
  write(text: string): unknown;
}

const redrawMs = 100;

/**
 * Lines that stay, and below them one that is redrawn in place. In a pipe or a file nothing can be redrawn: there only the
 * lines that stay appear.
 */
export class ProgressLine {
  readonly #target: ProgressTarget;
  readonly #nowMs: () => number;
  #drawnMs = Number.NEGATIVE_INFINITY;

  constructor(target: ProgressTarget, nowMs: () => number = () => performance.now()) {
    this.#target = target;
    this.#nowMs = nowMs;
  }

  /** Whether `show` is seen. */
  get redraws(): boolean {
    return this.#target.isTTY === true;
  }

  /** Replaces the line that is redrawn, at most ten times a second. */
  show(text: string): void {
    if (!this.redraws || this.#nowMs() - this.#drawnMs < redrawMs) return;
    this.#drawnMs = this.#nowMs();
    this.#target.write(`\r\x1b[K${text}`);
  }

  /** Adds a line that stays. */
  print(text: string): void {
    this.#target.write(`${this.redraws ? '\r\x1b[K' : ''}${text}\n`);
    this.#drawnMs = Number.NEGATIVE_INFINITY;
  }
}
