import type { Part } from './part.ts';

const readyWithinMs = 60_000;
const pollMs = 150;
const firstRestartMs = 1_000;
const lastRestartMs = 15_000;
const crashesAllowed = 5;
/** A part that has run this long has recovered: its earlier crashes no longer count. */
const steadyMs = 60_000;
const terminateWithinMs = 8_000;

/** A running process. */
export interface Child {
  /** Calls back once when it has ended, with how: "code 1", "SIGSEGV". */
  onExit(listener: (outcome: string) => void): void;
  /** Asks it to end. */
  terminate(): void;
  /** Ends it, and whatever it has started. */
  kill(): void;
}

/** What a supervisor needs of the world; tests give it another one. */
export interface World {
  spawn(part: Part): Child;
  /** Never rejects: a part that does not answer is not ready. */
  isReady(part: Part): Promise<boolean>;
  nowMs(): number;
  /** Calls back later, unless the returned function is called before. */
  after(delayMs: number, action: () => void): () => void;
}

/** Called when a part that was ready ends unasked. `restartMs` is null when it will not be started again. */
export type CrashListener = (part: Part, outcome: string, restartMs: number | null) => void;

/** A part that did not become ready; it is not running any more, or will not be much longer. */
export class PartFailure extends Error {
  readonly part: Part;

  constructor(part: Part, outcome: string) {
    super(`The ${part.name} did not start: ${outcome}.`);
    this.name = 'PartFailure';
    this.part = part;
  }
}

/**
 * Keeps one part running. A part that ends before it was ever ready is not tried again, for the reason is most likely a
 * setting; one that crashes later is started again with growing pauses, until it has crashed too often in a row.
 */
export class PartSupervisor {
  readonly part: Part;
  readonly #world: World;
  readonly #onCrash: CrashListener;
  #child: Child | null = null;
  #startedAtMs = 0;
  #crashes = 0;
  #stopping = false;
  #wasReady = false;
  #cancelTimer: () => void = () => {};
  /** Called with the outcome when the child ends while someone waits for that. */
  #whenEnded: ((outcome: string) => void) | null = null;

  constructor(part: Part, world: World, onCrash: CrashListener) {
    this.part = part;
    this.#world = world;
    this.#onCrash = onCrash;
  }

  /** Resolves when the part is ready. @throws PartFailure */
  start(): Promise<void> {
    this.#spawn();
    const deadlineMs = this.#world.nowMs() + readyWithinMs;
    return new Promise((resolve, reject) => {
      const fail = (outcome: string) => {
        this.#cancelTimer();
        reject(new PartFailure(this.part, outcome));
      };
      this.#whenEnded = (outcome) => fail(`it ended with ${outcome}`);
      const poll = async () => {
        const ready = await this.#world.isReady(this.part);
        if (this.#child === null || this.#stopping) return;
        if (ready) {
          this.#wasReady = true;
          this.#whenEnded = null;
          resolve();
        } else if (this.#world.nowMs() >= deadlineMs) {
          fail(`it was not ready within ${readyWithinMs / 1000} s`);
        } else {
          this.#cancelTimer = this.#world.after(pollMs, poll);
        }
      };
      void poll();
    });
  }

  /** Resolves when the part has ended: asked to at first, made to if it takes too long. */
  stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelTimer();
    const child = this.#child;
    if (child === null) return Promise.resolve();
    return new Promise((resolve) => {
      const cancelKill = this.#world.after(terminateWithinMs, () => child.kill());
      this.#whenEnded = () => {
        cancelKill();
        resolve();
      };
      child.terminate();
    });
  }

  /** Ends the part at once, while `stop` waits for it. */
  kill(): void {
    this.#child?.kill();
  }

  #spawn(): void {
    const child = this.#world.spawn(this.part);
    this.#child = child;
    this.#startedAtMs = this.#world.nowMs();
    child.onExit((outcome) => this.#ended(outcome));
  }

  #ended(outcome: string): void {
    this.#child = null;
    this.#whenEnded?.(outcome);
    if (this.#stopping || !this.#wasReady) return;
    const ranMs = this.#world.nowMs() - this.#startedAtMs;
    this.#crashes = ranMs >= steadyMs ? 1 : this.#crashes + 1;
    if (this.#crashes > crashesAllowed) {
      this.#onCrash(this.part, outcome, null);
      return;
    }
    const restartMs = Math.min(firstRestartMs * 2 ** (this.#crashes - 1), lastRestartMs);
    this.#onCrash(this.part, outcome, restartMs);
    this.#cancelTimer = this.#world.after(restartMs, () => this.#spawn());
  }
}
