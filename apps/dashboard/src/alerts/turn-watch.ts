import type { AlertCondition } from '@undertone/wire';
import type { Finding } from './finding.ts';
import { cellMs, type GridCell } from './voice-grid.ts';

type TurnCondition = Extract<AlertCondition, { kind: 'talk-over' | 'silence' }>;

/** A break that does not end it: of talk-over breath is drawn, of silence nothing is forgiven. */
const longestBreakMs = { 'talk-over': 600, silence: 0 };

/** Holds a call against a rule about its turns. */
export class TurnWatch {
  readonly #condition: TurnCondition;
  readonly #cooldownMs: number;
  #fromMs: number | null = null;
  #untilMs = 0;
  #active = false;
  #quietUntilMs = Number.NEGATIVE_INFINITY;

  constructor(condition: TurnCondition, cooldownMs: number) {
    this.#condition = condition;
    this.#cooldownMs = cooldownMs;
  }

  /** Goes on with what had fired before a restart. */
  resume(fromMs: number): void {
    this.#active = true;
    this.#fromMs = fromMs;
    this.#untilMs = fromMs;
  }

  /** Takes the next cell. @param everyoneHeard whether all who are in the call are analysed */
  take({ atMs, speaking, silent }: GridCell, everyoneHeard: boolean): Finding | null {
    const holds = this.#condition.kind === 'talk-over' ? speaking >= 2 : silent && everyoneHeard;
    if (holds) {
      this.#fromMs ??= atMs - cellMs;
      this.#untilMs = atMs;
      if (this.#active || atMs - this.#fromMs < this.#condition.forMs || atMs < this.#quietUntilMs)
        return null;
      this.#active = true;
      return { what: 'fired', atMs, fromMs: this.#fromMs, untilMs: null };
    }
    if (this.#fromMs === null || atMs - this.#untilMs <= longestBreakMs[this.#condition.kind]) return null;
    return this.end();
  }

  /** The call is over, or nothing is known of it any more. */
  end(): Finding | null {
    const fromMs = this.#fromMs;
    const wasActive = this.#active;
    this.#fromMs = null;
    this.#active = false;
    if (!wasActive || fromMs === null) return null;
    this.#quietUntilMs = this.#untilMs + this.#cooldownMs;
    return { what: 'ended', atMs: this.#untilMs, fromMs, untilMs: this.#untilMs };
  }
}
