import type { EmotionEngine, StepBatch } from '@undertone/models';
import type { StepModel } from '../session/step-model.ts';
import type { VoiceTrack } from '../session/voice-track.ts';

/** Rounds of one tick: what a speaker with a backlog can catch up, eight times real time. */
const maxRounds = 8;

/** Watches the batcher; for the metrics. */
export interface BatchObserver {
  /** One call of the engine is over. */
  round(speakers: number, engineMs: number): void;
  /** One call of the engine failed. */
  failed(error: unknown): void;
  /** One tick is over. */
  tick(ms: number): void;
}

/**
 * Advances all speakers together: every round takes one waiting step of everyone who has one and runs the model once.
 * The arrays grow by doubling and are kept, so a tick allocates nothing. State stays with the tracks.
 */
export class Batcher {
  /** Steps judged. */
  steps = 0;
  /** Calls of the engine that failed; their steps are given up. */
  engineFailures = 0;
  /** Failures since the last success. */
  failuresInARow = 0;
  /** Steps left waiting by the last tick: more than 0 means that the model does not keep up. */
  backlog = 0;
  readonly engine: EmotionEngine;
  readonly #model: StepModel;
  readonly #observer: BatchObserver;
  readonly #clockMs: () => number;
  /** An array, since going through a set allocates. */
  readonly #tracks: VoiceTrack[] = [];
  readonly #round: VoiceTrack[] = [];
  readonly #batch: StepBatch;
  #capacity: number;
  #ticking: Promise<void> | null = null;

  /** @param clockMs monotonic, for durations */
  constructor(engine: EmotionEngine, model: StepModel, observer: BatchObserver, clockMs: () => number) {
    this.engine = engine;
    this.#model = model;
    this.#observer = observer;
    this.#clockMs = clockMs;
    this.#capacity = 16;
    this.#batch = {
      steps: 1,
      speakers: 0,
      features: new Float32Array(this.#capacity * model.stepFeatureCount),
      state: new Float32Array(this.#capacity * model.stateSize),
      outputs: new Float32Array(this.#capacity * model.outputCount),
    };
  }

  get speakers(): number {
    return this.#tracks.length;
  }

  add(track: VoiceTrack): void {
    this.#tracks.push(track);
  }

  remove(track: VoiceTrack): void {
    const at = this.#tracks.indexOf(track);
    if (at >= 0) this.#tracks.splice(at, 1);
  }

  /**
   * Brings `state` up to date with `steps` [T, F] of speech heard before; no outputs come of it. Must not run during a tick.
   * @throws the engine's error; `state` is then as it was
   */
  async recollect(steps: Float32Array, state: Float32Array): Promise<void> {
    const count = steps.length / this.#model.stepFeatureCount;
    if (count === 0) return;
    const outputs = new Float32Array(count * this.#model.outputCount);
    await this.engine.step({ steps: count, speakers: 1, features: steps, state, outputs });
  }

  /** Judges what waits, at most `maxRounds` steps of each speaker. A tick during a tick waits for that one instead. */
  tick(): Promise<void> {
    this.#ticking ??= this.#run().finally(() => {
      this.#ticking = null;
    });
    return this.#ticking;
  }

  async #run(): Promise<void> {
    const startMs = this.#clockMs();
    for (let round = 0; round < maxRounds; round++) {
      this.#gather();
      if (this.#round.length === 0) break;
      await this.#step();
    }
    this.backlog = 0;
    for (const track of this.#tracks) this.backlog += track.waitingSteps;
    this.#observer.tick(this.#clockMs() - startMs);
  }

  #gather(): void {
    const { stepFeatureCount, stateSize } = this.#model;
    const round = this.#round;
    round.length = 0;
    for (const track of this.#tracks) if (track.waitingSteps > 0) round.push(track);
    if (round.length > this.#capacity) this.#grow(round.length);
    const { features, state } = this.#batch;
    for (let i = 0; i < round.length; i++) {
      round[i].takeStep(features, i * stepFeatureCount);
      state.set(round[i].state, i * stateSize);
    }
    this.#batch.speakers = round.length;
  }

  async #step(): Promise<void> {
    const round = this.#round;
    const { stateSize, outputCount } = this.#model;
    const startMs = this.#clockMs();
    try {
      await this.engine.step(this.#batch);
    } catch (error) {
      // The tracks keep the state they had; health, readiness and metrics show the failure.
      this.engineFailures++;
      this.failuresInARow++;
      for (const track of round) track.giveUp();
      this.#observer.failed(error);
      return;
    }
    this.failuresInARow = 0;
    const { state, outputs } = this.#batch;
    for (let i = 0; i < round.length; i++) {
      const track = round[i];
      for (let k = 0, from = i * stateSize; k < stateSize; k++) track.state[k] = state[from + k];
      track.judge(outputs, i * outputCount);
    }
    this.steps += round.length;
    this.#observer.round(round.length, this.#clockMs() - startMs);
  }

  #grow(speakers: number): void {
    while (this.#capacity < speakers) this.#capacity *= 2;
    this.#batch.features = new Float32Array(this.#capacity * this.#model.stepFeatureCount);
    this.#batch.state = new Float32Array(this.#capacity * this.#model.stateSize);
    this.#batch.outputs = new Float32Array(this.#capacity * this.#model.outputCount);
  }
}
