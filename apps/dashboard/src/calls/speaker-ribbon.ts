import {
  type EmotionPoint,
  expressions,
  pointStates,
  type Ribbon,
  ribbonCells,
  ribbonStepMs,
} from '@undertone/wire';

const classes = expressions.length;

/**
 * The last two minutes of one speaker in cells of a second, kept up to date point by point so that a wall of many calls
 * costs the same however often the analyzer judges. Circular columns; cell numbers are capture seconds.
 */
export class SpeakerRibbon {
  #newestCell = Number.NEGATIVE_INFINITY;
  #oldestCell = 0;
  readonly #state = new Int8Array(ribbonCells);
  readonly #expression = new Int8Array(ribbonCells);
  readonly #confidence = new Int8Array(ribbonCells);
  readonly #arousal = new Int8Array(ribbonCells);
  /** The store's version when a cell last changed. */
  readonly #version = new Float64Array(ribbonCells);
  /** Sums over the newest cell. */
  readonly #probabilities = new Float64Array(classes);
  #points = 0;
  #confidenceSum = 0;
  #arousalSum = 0;
  #judgedPoints = 0;

  /** Takes the next point in order of capture time; `version` is the store's version that it brings. */
  add(point: EmotionPoint, version: number): void {
    const cell = Math.floor(point.atMs / ribbonStepMs);
    if (cell < this.#newestCell) return;
    if (cell > this.#newestCell) this.#open(cell, version);
    this.#points++;
    this.#confidenceSum += point.confidence;
    if (point.probabilities && point.arousal !== null) {
      this.#judgedPoints++;
      this.#arousalSum += point.arousal;
      for (let k = 0; k < classes; k++) this.#probabilities[k] += point.probabilities[k];
    }
    const at = cell % ribbonCells;
    const silent = point.state === 'silence';
    this.#state[at] = pointStates.indexOf(point.state);
    this.#expression[at] = silent || this.#judgedPoints === 0 ? -1 : indexOfLargest(this.#probabilities);
    this.#confidence[at] = Math.round((100 * this.#confidenceSum) / this.#points);
    this.#arousal[at] =
      this.#judgedPoints === 0 ? 0 : Math.round((100 * this.#arousalSum) / this.#judgedPoints);
    this.#version[at] = version;
  }

  /** Forgets every judgement, and says so to those who saw an older version. */
  clear(version: number): void {
    this.#state.fill(-1);
    this.#expression.fill(-1);
    this.#confidence.fill(0);
    this.#arousal.fill(0);
    this.#version.fill(version);
    this.#startCell();
  }

  /** The cells that changed after `version` of the store; all of them for −1. */
  since(version: number): Ribbon {
    const ribbon: Ribbon = { startMs: 0, state: [], expression: [], confidence: [], arousal: [] };
    if (this.#newestCell === Number.NEGATIVE_INFINITY) return ribbon;
    let first = this.#newestCell + 1;
    while (first > this.#oldestCell && this.#version[(first - 1) % ribbonCells] > version) first--;
    ribbon.startMs = first * ribbonStepMs;
    for (let cell = first; cell <= this.#newestCell; cell++) {
      const at = cell % ribbonCells;
      ribbon.state.push(this.#state[at]);
      ribbon.expression.push(this.#expression[at]);
      ribbon.confidence.push(this.#confidence[at]);
      ribbon.arousal.push(this.#arousal[at]);
    }
    return ribbon;
  }

  /** Begins a newer cell; cells that were skipped held no judgement. */
  #open(cell: number, version: number): void {
    const firstNew = Math.max(this.#newestCell + 1, cell - ribbonCells + 1);
    if (this.#newestCell === Number.NEGATIVE_INFINITY) this.#oldestCell = cell;
    for (let c = Number.isFinite(firstNew) ? firstNew : cell; c < cell; c++) {
      const at = c % ribbonCells;
      this.#state[at] = -1;
      this.#expression[at] = -1;
      this.#confidence[at] = 0;
      this.#arousal[at] = 0;
      this.#version[at] = version;
    }
    this.#newestCell = cell;
    this.#oldestCell = Math.max(this.#oldestCell, cell - ribbonCells + 1);
    this.#startCell();
  }

  #startCell(): void {
    this.#probabilities.fill(0);
    this.#points = 0;
    this.#confidenceSum = 0;
    this.#arousalSum = 0;
    this.#judgedPoints = 0;
  }
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
  return best;
}
