import type { TimeSource } from './frame-clock.ts';

interface Timer {
  dueMs: number;
  callback: () => void;
}

/** Time that stands still until a test moves it. */
export class ManualTime implements TimeSource {
  #nowMs = 0;
  #wallOffsetMs: number;
  #timers: Timer[] = [];

  constructor(wallMs = 1_700_000_000_000) {
    this.#wallOffsetMs = wallMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#wallOffsetMs + this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves on and calls what has become due, each timer `latenessMs` after it was due. */
  advance(byMs: number, latenessMs = 0): void {
    const endMs = this.#nowMs + byMs;
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined || next.dueMs + latenessMs > endMs) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs + latenessMs);
      next.callback();
    }
    this.#nowMs = endMs;
  }
}
