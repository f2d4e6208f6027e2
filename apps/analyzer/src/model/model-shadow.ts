import type { AnalyzerParts, ServedModel } from '../analyzer-parts.ts';
import { Batcher } from '../batch/batcher.ts';
import { ShadowVoice } from '../session/shadow-voice.ts';
import type { SpeakerSession } from '../session/speaker-session.ts';
import type { StepModel } from '../session/step-model.ts';
import { ShadowComparison } from './shadow-comparison.ts';

/** A candidate that listens to everyone beside the model that serves, with a batch of its own. */
export class ModelShadow {
  readonly comparison = new ShadowComparison();
  readonly sinceMs: number;
  readonly model: ServedModel;
  /** Ticks whose work was left undone because time was short. */
  skippedTicks = 0;
  /** Time that the engine took for the steps it judged. */
  engineMs = 0;
  readonly #batcher: Batcher;
  readonly #voices = new Map<SpeakerSession, ShadowVoice>();

  /** @param clockMs monotonic, for durations @param sinceMs wall clock now */
  constructor({ model, engine }: AnalyzerParts, clockMs: () => number, sinceMs: number) {
    this.model = model;
    this.sinceMs = sinceMs;
    const observer = {
      round: (_speakers: number, ms: number) => {
        this.engineMs += ms;
      },
      failed: () => {},
      tick: () => {},
    };
    this.#batcher = new Batcher(engine, model, observer, clockMs);
  }

  get engineName(): string {
    return this.#batcher.engine.name;
  }

  /** Steps judged. */
  get steps(): number {
    return this.#batcher.steps;
  }

  get engineFailures(): number {
    return this.#batcher.engineFailures;
  }

  /** Listens to `session`, which `serving` judges, from its next sample on. */
  add(session: SpeakerSession, serving: StepModel): void {
    const voice = new ShadowVoice(this.model, serving, this.comparison);
    this.#voices.set(session, voice);
    this.#batcher.add(voice.track);
    session.shadowWith(voice);
  }

  remove(session: SpeakerSession): void {
    const voice = this.#voices.get(session);
    if (!voice) return;
    this.#voices.delete(session);
    this.#batcher.remove(voice.track);
    session.shadowWith(null);
  }

  /** Judges what waits, unless time is short: then it is let go of. */
  async tick(late: boolean): Promise<void> {
    if (!late) return this.#batcher.tick();
    this.skippedTicks++;
    for (const voice of this.#voices.values()) voice.skip();
  }

  /** Lets go of everyone and closes the engine. Must not run during a tick. */
  async close(): Promise<void> {
    for (const session of [...this.#voices.keys()]) this.remove(session);
    await this.#batcher.engine.close();
  }
}
