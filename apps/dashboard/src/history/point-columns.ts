import { type EmotionPoint, expressions, pointStates } from '@undertone/wire';

const classes = expressions.length;
/** State, posteriors, valence, arousal, confidence, change of valence and of arousal. */
export const valuesPerPoint = classes + 6;
/** Stands for null in a column of whole numbers. */
const none = -2_147_483_648;
/** Values are kept in whole ten-thousandths, the precision of the wire. */
const scale = 10_000;

/** What crosses to the thread of the store: see `PointColumns`. */
export interface PackedPoints {
  length: number;
  owner: Uint32Array;
  atMs: Float64Array;
  values: Int32Array;
}

/** An owner that stands for nobody: the point was forgotten before it was written. */
export const nobody = 0xffff_ffff;

/**
 * Points of many speakers in columns, in the order in which they came: what waits to be written, and how points cross
 * between threads, without an object for each. `owner` is a number that the caller gives each speaker.
 */
export class PointColumns {
  readonly capacity: number;
  length = 0;
  #owner = new Uint32Array(firstCapacity);
  #atMs = new Float64Array(firstCapacity);
  #values = new Int32Array(firstCapacity * valuesPerPoint);

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Takes a point; false if there is no more room. */
  add(owner: number, point: EmotionPoint): boolean {
    if (this.length === this.capacity) return false;
    if (this.length === this.#owner.length) this.#grow();
    const i = this.length++;
    this.#owner[i] = owner;
    this.#atMs[i] = point.atMs;
    const at = i * valuesPerPoint;
    const values = this.#values;
    values[at] = pointStates.indexOf(point.state);
    for (let k = 0; k < classes; k++)
      values[at + 1 + k] = point.probabilities ? Math.round(point.probabilities[k] * scale) : none;
    values[at + classes + 1] = whole(point.valence);
    values[at + classes + 2] = whole(point.arousal);
    values[at + classes + 3] = whole(point.confidence);
    values[at + classes + 4] = whole(point.change?.valence);
    values[at + classes + 5] = whole(point.change?.arousal);
    return true;
  }

  /** Makes the points of `owner` nobody's. */
  forget(owner: number): void {
    for (let i = 0; i < this.length; i++) if (this.#owner[i] === owner) this.#owner[i] = nobody;
  }

  /** Views of the columns; valid until the next point is taken. */
  packed(): PackedPoints {
    return {
      length: this.length,
      owner: this.#owner.subarray(0, this.length),
      atMs: this.#atMs.subarray(0, this.length),
      values: this.#values.subarray(0, this.length * valuesPerPoint),
    };
  }

  #grow(): void {
    const capacity = Math.min(this.capacity, this.#owner.length * 2);
    const owner = new Uint32Array(capacity);
    const atMs = new Float64Array(capacity);
    const values = new Int32Array(capacity * valuesPerPoint);
    owner.set(this.#owner);
    atMs.set(this.#atMs);
    values.set(this.#values);
    this.#owner = owner;
    this.#atMs = atMs;
    this.#values = values;
  }
}

const firstCapacity = 1_024;

const whole = (value: number | null | undefined): number =>
  value === null || value === undefined ? none : Math.round(value * scale);

/** Value `column` of point `i`; null where there is none. */
export function packedValue({ values }: PackedPoints, i: number, column: number): number | null {
  const value = values[i * valuesPerPoint + column];
  return value === none ? null : value;
}

/** A point from its state and its values in ten-thousandths, in the order of the columns. */
export function pointOf(atMs: number, values: readonly (number | null)[]): EmotionPoint {
  const fraction = (column: number): number | null => {
    const value = values[column] ?? null;
    return value === null ? null : value / scale;
  };
  const probabilities =
    values[1] === null ? null : Array.from({ length: classes }, (_, k) => fraction(1 + k) ?? 0);
  const valenceChange = fraction(classes + 4);
  const arousalChange = fraction(classes + 5);
  return {
    atMs,
    state: pointStates[values[0] ?? 0],
    probabilities,
    valence: fraction(classes + 1),
    arousal: fraction(classes + 2),
    confidence: fraction(classes + 3) ?? 0,
    ...(valenceChange !== null &&
      arousalChange !== null && { change: { valence: valenceChange, arousal: arousalChange } }),
  };
}
