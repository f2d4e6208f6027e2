import type { EmotionPoint } from './emotion-point.ts';
import { expressions } from './expression.ts';
import { pointStates } from './point-state.ts';

const classes = expressions.length;

/**
 * The points of one speaker in columns, oldest first: what the server keeps and what the browser draws from.
 *
 * Bounded twice: points older than `historyMs` before the newest are forgotten, and there are never more than
 * `maxPoints`. The columns are contiguous, so that a caller can walk them without allocating; they are replaced when
 * they grow, so never keep a reference to one.
 */
export class PointHistory {
  readonly maxPoints: number;
  readonly historyMs: number;
  /** Valid entries of every column are `start` … `end − 1`. */
  start = 0;
  end = 0;
  atMs = new Float64Array(initialPoints);
  /** Index into `pointStates`. */
  state = new Uint8Array(initialPoints);
  /** `expressions.length` numbers a point; all 0 where there is no judgement. */
  probabilities = new Float32Array(initialPoints * classes);
  /** NaN where there is no judgement. */
  valence = new Float32Array(initialPoints);
  /** NaN where there is no judgement. */
  arousal = new Float32Array(initialPoints);
  confidence = new Float32Array(initialPoints);
  /** Deviations from the speaker's own normal; NaN where there is none yet. */
  valenceChange = new Float32Array(initialPoints);
  arousalChange = new Float32Array(initialPoints);

  constructor(limits: { maxPoints: number; historyMs: number }) {
    this.maxPoints = limits.maxPoints;
    this.historyMs = limits.historyMs;
  }

  get length(): number {
    return this.end - this.start;
  }

  /** Capture time of the newest point; −∞ when there is none. */
  get lastAtMs(): number {
    return this.length === 0 ? Number.NEGATIVE_INFINITY : this.atMs[this.end - 1];
  }

  /** Adds a point. Answers false, and keeps nothing, if it is not newer than the newest: a repeat after a reconnect. */
  append(point: EmotionPoint): boolean {
    if (point.atMs <= this.lastAtMs) return false;
    this.#forgetBefore(point.atMs - this.historyMs);
    if (this.length === this.maxPoints) this.start++;
    if (this.end === this.atMs.length) this.#makeRoom();
    const i = this.end++;
    this.atMs[i] = point.atMs;
    this.state[i] = pointStates.indexOf(point.state);
    if (point.probabilities) this.probabilities.set(point.probabilities, i * classes);
    else this.probabilities.fill(0, i * classes, (i + 1) * classes);
    this.valence[i] = point.valence ?? Number.NaN;
    this.arousal[i] = point.arousal ?? Number.NaN;
    this.confidence[i] = point.confidence;
    this.valenceChange[i] = point.change?.valence ?? Number.NaN;
    this.arousalChange[i] = point.change?.arousal ?? Number.NaN;
    return true;
  }

  /** Index of the first point after `ms`; `end` if there is none. */
  indexAfter(ms: number): number {
    let low = this.start;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.atMs[middle] > ms) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The likeliest expression of point `i` as an index into `expressions`; −1 where there is no judgement. */
  likeliest(i: number): number {
    let best = -1;
    let most = 0;
    for (let k = 0; k < classes; k++) {
      const probability = this.probabilities[i * classes + k];
      if (probability > most) {
        most = probability;
        best = k;
      }
    }
    return best;
  }

  /** Point `i` as it goes over the wire, numbers rounded to four digits. */
  point(i: number): EmotionPoint {
    const judged = this.likeliest(i) >= 0;
    const probabilities = judged ? new Array<number>(classes) : null;
    if (probabilities)
      for (let k = 0; k < classes; k++) probabilities[k] = round(this.probabilities[i * classes + k]);
    return {
      atMs: this.atMs[i],
      state: pointStates[this.state[i]],
      probabilities,
      valence: Number.isNaN(this.valence[i]) ? null : round(this.valence[i]),
      arousal: Number.isNaN(this.arousal[i]) ? null : round(this.arousal[i]),
      confidence: round(this.confidence[i]),
      ...(!Number.isNaN(this.valenceChange[i]) && {
        change: { valence: round(this.valenceChange[i]), arousal: round(this.arousalChange[i]) },
      }),
    };
  }

  /** Every point after `ms`, oldest first. */
  pointsAfter(ms: number): EmotionPoint[] {
    const points: EmotionPoint[] = [];
    for (let i = this.indexAfter(ms); i < this.end; i++) points.push(this.point(i));
    return points;
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
  }

  #forgetBefore(ms: number): void {
    while (this.start < this.end && this.atMs[this.start] < ms) this.start++;
  }

  /** Moves the points to the front of the columns, into larger ones if more than half of these is in use. */
  #makeRoom(): void {
    const { start, end, length } = this;
    const capacity = length > this.atMs.length / 2 ? this.atMs.length * 2 : this.atMs.length;
    this.atMs = moved(this.atMs, new Float64Array(capacity), start, end);
    this.state = moved(this.state, new Uint8Array(capacity), start, end);
    this.probabilities = moved(
      this.probabilities,
      new Float32Array(capacity * classes),
      start * classes,
      end * classes,
    );
    this.valence = moved(this.valence, new Float32Array(capacity), start, end);
    this.arousal = moved(this.arousal, new Float32Array(capacity), start, end);
    this.confidence = moved(this.confidence, new Float32Array(capacity), start, end);
    this.valenceChange = moved(this.valenceChange, new Float32Array(capacity), start, end);
    this.arousalChange = moved(this.arousalChange, new Float32Array(capacity), start, end);
    this.start = 0;
    this.end = length;
  }
}

const initialPoints = 64;

const round = (value: number): number => Math.round(value * 10_000) / 10_000;

function moved<Column extends Float64Array | Float32Array | Uint8Array>(
  from: Column,
  to: Column,
  start: number,
  end: number,
): Column {
  to.set(from.subarray(start, end));
  return to;
}
