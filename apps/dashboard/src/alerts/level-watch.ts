import { type AlertCondition, type EmotionPoint, expressions } from '@undertone/wire';
import { PointSpan } from '../calls/point-span.ts';
import type { Finding } from './finding.ts';

type LevelCondition = Extract<AlertCondition, { kind: 'expression' | 'affect' | 'change' }>;

/** A pause that is longer begins the count anew. */
const longestPauseMs = 10_000;
/** Speech on the calm side after which it is over. */
const calmMs = 3_000;

/** Holds one voice against one threshold: with hysteresis, and over speech alone. All times are capture time. */
export class LevelWatch {
  readonly #condition: LevelCondition;
  readonly #cooldownMs: number;
  readonly #span = new PointSpan();
  /** Where the evidence begins; null while there is none. */
  #fromMs: number | null = null;
  #untilMs = 0;
  #heldMs = 0;
  #calmMs = 0;
  #active = false;
  #quietUntilMs = Number.NEGATIVE_INFINITY;

  constructor(condition: LevelCondition, cooldownMs: number) {
    this.#condition = condition;
    this.#cooldownMs = cooldownMs;
  }

  /** Goes on with what had fired before a restart. */
  resume(fromMs: number): void {
    this.#active = true;
    this.#fromMs = fromMs;
    this.#untilMs = fromMs;
  }

  /** Takes the next point in order of time; says if that makes the rule fire, or ends it. */
  take(point: EmotionPoint): Finding | null {
    const lasted = this.#span.next(point.atMs);
    if (point.state !== 'speech' || point.confidence < this.#condition.minConfidence) return null;
    const side = sideOf(this.#condition, point);
    if (side === null) return null;
    return this.#active ? this.#hold(side, point.atMs, lasted) : this.#count(side, point.atMs, lasted);
  }

  /** The voice is gone. */
  end(): Finding | null {
    if (!this.#active || this.#fromMs === null) return null;
    return this.#over(this.#untilMs);
  }

  #count(side: Side, atMs: number, lasted: number): Finding | null {
    if (this.#fromMs !== null && atMs - this.#untilMs > longestPauseMs) this.#reset();
    if (side === 'calm') this.#reset();
    if (side !== 'beyond' || atMs < this.#quietUntilMs) return null;
    this.#fromMs ??= atMs - lasted;
    this.#untilMs = atMs;
    this.#heldMs += lasted;
    if (this.#heldMs < this.#condition.forMs) return null;
    this.#active = true;
    return { what: 'fired', atMs, fromMs: this.#fromMs, untilMs: null };
  }

  #hold(side: Side, atMs: number, lasted: number): Finding | null {
    if (side !== 'calm') {
      this.#calmMs = 0;
      this.#untilMs = atMs;
      return null;
    }
    this.#calmMs += lasted;
    return this.#calmMs < calmMs ? null : this.#over(atMs);
  }

  #over(atMs: number): Finding {
    const finding: Finding = {
      what: 'ended',
      atMs,
      fromMs: this.#fromMs ?? this.#untilMs,
      untilMs: this.#untilMs,
    };
    this.#active = false;
    this.#quietUntilMs = atMs + this.#cooldownMs;
    this.#reset();
    return finding;
  }

  #reset(): void {
    this.#fromMs = null;
    this.#heldMs = 0;
    this.#calmMs = 0;
  }
}

type Side = 'beyond' | 'between' | 'calm';

/** On which side of the two limits a point is; null if it has no such judgement. */
function sideOf(condition: LevelCondition, point: EmotionPoint): Side | null {
  const level = levelOf(condition, point);
  if (level === null) return null;
  const sign = condition.kind !== 'expression' && condition.direction === 'below' ? -1 : 1;
  if (sign * level >= sign * condition.enter) return 'beyond';
  return sign * level < sign * condition.clear ? 'calm' : 'between';
}

function levelOf(condition: LevelCondition, point: EmotionPoint): number | null {
  switch (condition.kind) {
    case 'expression': {
      if (!point.probabilities) return null;
      let sum = 0;
      for (const expression of condition.expressions)
        sum += point.probabilities[expressions.indexOf(expression)];
      return sum;
    }
    case 'affect':
      return point[condition.axis];
    case 'change':
      return point.change?.[condition.axis] ?? null;
  }
}
