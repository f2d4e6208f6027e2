import type { EmotionPoint } from '@undertone/wire';

/** One cell of time. */
export const cellMs = 200;
/** Cells kept of each voice: twelve seconds. */
const cells = 64;
/** A voice whose points are further behind the newest than this is not waited for. */
const longestWaitCells = 10;
/** What a point stands for at most. */
const cellsOfPoint = 5;

const unknown = 0;
const silent = 1;
const speaking = 2;

/** What is known of a call in one cell. */
export interface GridCell {
  atMs: number;
  /** Voices that are heard to speak. */
  speaking: number;
  /** Whether every voice is known to be silent. */
  silent: boolean;
}

class Voice {
  readonly state = new Uint8Array(cells);
  newestCell = Number.NEGATIVE_INFINITY;
}

/**
 * Who of a call speaks when, on one axis of capture time, whatever the order in which the points of different voices
 * arrive: a cell is given out when every voice has come past it, or two seconds later.
 */
export class VoiceGrid {
  readonly #voices = new Map<string, Voice>();
  readonly #cell: GridCell = { atMs: 0, speaking: 0, silent: false };
  #nextCell = Number.NaN;

  add(speakerId: string): void {
    if (!this.#voices.has(speakerId)) this.#voices.set(speakerId, new Voice());
  }

  remove(speakerId: string): void {
    this.#voices.delete(speakerId);
  }

  /** Takes the next point of a voice; `visit` is called with every cell that is complete by now, and must not keep it. */
  take(speakerId: string, point: EmotionPoint, visit: (cell: GridCell) => void): void {
    const voice = this.#voices.get(speakerId);
    if (!voice) return;
    // A point's time is the end of what it judges.
    const last = Math.ceil(point.atMs / cellMs) - 1;
    if (last <= voice.newestCell) return;
    const first = Math.max(voice.newestCell + 1, last - cellsOfPoint + 1);
    // The ring's old content is of cells long given out.
    const cleared = Math.max(voice.newestCell + 1, last - cells + 1);
    for (let cell = Number.isFinite(cleared) ? cleared : last; cell < first; cell++)
      voice.state[cell % cells] = unknown;
    const state = point.state === 'silence' ? silent : point.state === 'concealed' ? unknown : speaking;
    const from = Number.isFinite(voice.newestCell) ? first : last;
    for (let cell = from; cell <= last; cell++) voice.state[cell % cells] = state;
    voice.newestCell = last;
    this.#giveOut(visit);
  }

  #giveOut(visit: (cell: GridCell) => void): void {
    let newest = Number.NEGATIVE_INFINITY;
    let slowest = Number.POSITIVE_INFINITY;
    for (const { newestCell } of this.#voices.values()) {
      newest = Math.max(newest, newestCell);
      slowest = Math.min(slowest, newestCell);
    }
    const complete = Math.max(slowest, newest - longestWaitCells);
    if (!Number.isFinite(complete)) return;
    if (Number.isNaN(this.#nextCell)) this.#nextCell = complete;
    if (complete - this.#nextCell >= cells) {
      // After a long hole nothing is known of the time before.
      visit({ atMs: complete * cellMs, speaking: 0, silent: false });
      this.#nextCell = complete;
    }
    for (; this.#nextCell <= complete; this.#nextCell++) {
      this.#look(this.#nextCell);
      visit(this.#cell);
    }
  }

  #look(cell: number): void {
    this.#cell.atMs = (cell + 1) * cellMs;
    this.#cell.speaking = 0;
    this.#cell.silent = true;
    for (const { state, newestCell } of this.#voices.values()) {
      const known = cell <= newestCell && cell > newestCell - cells ? state[cell % cells] : unknown;
      if (known === speaking) this.#cell.speaking++;
      if (known !== silent) this.#cell.silent = false;
    }
  }
}
