import {
  type Expression,
  expressions,
  pointStates,
  type Ribbon,
  ribbonCells,
  ribbonStepMs,
} from '@undertone/wire';

const speech = pointStates.indexOf('speech');
const silence = pointStates.indexOf('silence');

/** One cell of a ribbon; the fields are those of `Ribbon`. */
export interface RibbonCell {
  state: number;
  expression: number;
  confidence: number;
  arousal: number;
}

/** A speaker's last two minutes in the browser, patched by the cells that the wall's messages bring. */
export class RibbonTrack {
  /** Number of the newest cell: capture time divided by `ribbonStepMs`; −1 while there is none. */
  newest = -1;
  /** Grows when a cell is new or has changed so much that it looks different. */
  looks = 0;
  readonly #cell = new Float64Array(ribbonCells).fill(-1);
  readonly #state = new Int8Array(ribbonCells);
  readonly #expression = new Int8Array(ribbonCells);
  readonly #confidence = new Int8Array(ribbonCells);
  readonly #arousal = new Int8Array(ribbonCells);

  merge(ribbon: Ribbon): void {
    const first = ribbon.startMs / ribbonStepMs;
    for (let i = 0; i < ribbon.state.length; i++) {
      const cell = first + i;
      const at = cell % ribbonCells;
      const same =
        this.#cell[at] === cell &&
        this.#state[at] === ribbon.state[i] &&
        this.#expression[at] === ribbon.expression[i];
      if (!same) this.looks++;
      this.#cell[at] = cell;
      this.#state[at] = ribbon.state[i];
      this.#expression[at] = ribbon.expression[i];
      this.#confidence[at] = ribbon.confidence[i];
      this.#arousal[at] = ribbon.arousal[i];
      this.newest = Math.max(this.newest, cell);
    }
  }

  clear(): void {
    this.#cell.fill(-1);
    this.newest = -1;
    this.looks++;
  }

  /** Writes cell number `cell` into `target`; answers false where nothing was judged. */
  read(cell: number, target: RibbonCell): boolean {
    const at = ((cell % ribbonCells) + ribbonCells) % ribbonCells;
    if (this.#cell[at] !== cell || this.#state[at] < 0) return false;
    target.state = this.#state[at];
    target.expression = this.#expression[at];
    target.confidence = this.#confidence[at];
    target.arousal = this.#arousal[at];
    return true;
  }

  /**
   * The expression heard most in the newest `seconds` before cell `liveCell`, a confident second counting for more than
   * a doubtful one; null where nothing was said.
   */
  heardMost(seconds: number, liveCell: number): Expression | null {
    const weights = new Float64Array(expressions.length);
    let most = -1;
    for (let cell = liveCell - seconds + 1; cell <= liveCell; cell++) {
      const at = ((cell % ribbonCells) + ribbonCells) % ribbonCells;
      if (this.#cell[at] !== cell || this.#state[at] !== speech || this.#expression[at] < 0) continue;
      const heard = this.#expression[at];
      weights[heard] += this.#confidence[at] + 1;
      if (most < 0 || weights[heard] >= weights[most]) most = heard;
    }
    return most < 0 ? null : expressions[most];
  }

  /** Seconds in which this voice spoke, of those that are kept. */
  speechSeconds(liveCell: number): number {
    let spoken = 0;
    for (let at = 0; at < ribbonCells; at++) {
      const current = this.#cell[at] > liveCell - ribbonCells && this.#cell[at] >= 0;
      if (current && this.#state[at] >= 0 && this.#state[at] !== silence) spoken++;
    }
    return spoken;
  }

  /** The expressions heard most in what is kept, for reading aloud; the second only if it is heard often. */
  mostly(): { first: Expression; second: Expression | null } | null {
    const seconds = new Int16Array(expressions.length);
    let spoken = 0;
    for (let at = 0; at < ribbonCells; at++) {
      if (this.#cell[at] <= this.newest - ribbonCells || this.#cell[at] < 0) continue;
      if (this.#state[at] < 0 || this.#expression[at] < 0) continue;
      seconds[this.#expression[at]]++;
      spoken++;
    }
    if (spoken === 0) return null;
    const [first, second] = expressions
      .map((expression, k) => ({ expression, share: seconds[k] / spoken }))
      .sort((a, b) => b.share - a.share);
    return { first: first.expression, second: second.share >= 0.15 ? second.expression : null };
  }
}
