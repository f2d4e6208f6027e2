import { ModelError, type Precision } from '@undertone/models';
import { type AnalyzerParts, loadParts } from '../analyzer-parts.ts';
import type { Clock } from '../clock.ts';
import type { AnalyzerConfig } from '../config.ts';
import type { Log } from '../log.ts';
import type { SpeakerSession } from '../session/speaker-session.ts';
import type { DriftMonitor } from './drift-monitor.ts';
import { modelFolderBelow } from './model-folder.ts';
import type { ModelRelay } from './model-relay.ts';
import { ModelShadow } from './model-shadow.ts';

/** Why a model could not be taken; whatever served before still serves. */
export type ModelRefusal =
  | 'model-folder-refused'
  | 'model-change-in-progress'
  | 'model-unusable'
  | ModelError['code'];

export class ModelRefused extends Error {
  readonly code: ModelRefusal;

  constructor(code: ModelRefusal, message: string) {
    super(message);
    this.name = 'ModelRefused';
    this.code = code;
  }
}

/** Where models are changed: loads and verifies candidates, lets them take over or listen along. One change at a time. */
export class ModelDesk {
  /** Candidates that were refused. */
  refusals = 0;
  readonly relay: ModelRelay;
  readonly drift: DriftMonitor;
  readonly #config: Pick<AnalyzerConfig, 'modelRoot' | 'engine' | 'precision'>;
  readonly #clockMs: () => number;
  readonly #clock: Clock;
  readonly #log: Log;
  #shadow: ModelShadow | null = null;
  /** Changes the shadow between two ticks, when its engine is idle. */
  #ticking: Promise<void> = Promise.resolve();
  #changing = false;
  #closed = false;

  /** @param clockMs monotonic, for durations */
  constructor(
    relay: ModelRelay,
    drift: DriftMonitor,
    config: Pick<AnalyzerConfig, 'modelRoot' | 'engine' | 'precision'>,
    clockMs: () => number,
    clock: Clock,
    log: Log,
  ) {
    this.relay = relay;
    this.drift = drift;
    this.#config = config;
    this.#clockMs = clockMs;
    this.#clock = clock;
    this.#log = log;
  }

  /** The candidate that listens along. */
  get shadow(): ModelShadow | null {
    return this.#shadow;
  }

  add(session: SpeakerSession): void {
    this.relay.add(session);
    this.#shadow?.add(session, this.relay.model);
  }

  remove(session: SpeakerSession): void {
    this.#shadow?.remove(session);
    this.relay.remove(session);
  }

  /** Lets the candidate judge what waits for it, or let go of it if time is short. */
  tickShadow(late: boolean): Promise<void> {
    this.#ticking = this.#shadow?.tick(late) ?? Promise.resolve();
    return this.#ticking;
  }

  /**
   * Makes the model in `folder` the one that serves; resolves when it judges everyone. Ends the shadow, whose figures
   * compared it with the model that leaves.
   * @param precision of its weights; as configured unless given
   * @throws ModelRefused; nothing has changed then
   */
  activate(folder: string, precision?: Precision): Promise<void> {
    return this.#change(folder, precision, async (parts) => {
      this.drift.follow(parts.model);
      await this.relay.follow(parts);
      this.#log.info({ model: parts.model.manifest.name }, 'another model serves');
    });
  }

  /** Lets the model in `folder` listen along, in place of another candidate. @throws ModelRefused */
  shadowWith(folder: string, precision?: Precision): Promise<void> {
    return this.#change(folder, precision, async (parts) => {
      const shadow = new ModelShadow(parts, this.#clockMs, this.#clock());
      for (const session of this.relay.sessions) shadow.add(session, this.relay.model);
      this.#shadow = shadow;
      this.#log.info({ model: parts.model.manifest.name }, 'a candidate listens along');
    });
  }

  /** Nobody listens along any more. Idempotent. */
  async stopShadow(): Promise<void> {
    const shadow = this.#shadow;
    this.#shadow = null;
    await this.#ticking;
    await shadow?.close();
  }

  /** Closes all engines. Ticks must have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.stopShadow();
    await this.relay.close();
  }

  async #change(
    folder: string,
    precision: Precision | undefined,
    install: (parts: AnalyzerParts) => Promise<void>,
  ): Promise<void> {
    if (this.#changing) {
      throw new ModelRefused(
        'model-change-in-progress',
        'a model is being changed: try again when that is done',
      );
    }
    this.#changing = true;
    try {
      const parts = await this.#load(folder, precision ?? this.#config.precision);
      await this.stopShadow();
      if (this.#closed) {
        await parts.engine.close();
        throw new ModelRefused('model-unusable', 'the analyzer is stopping');
      }
      await install(parts);
    } finally {
      this.#changing = false;
    }
  }

  async #load(folder: string, precision: Precision): Promise<AnalyzerParts> {
    const { modelRoot, engine } = this.#config;
    const real = await modelFolderBelow(modelRoot, folder);
    if (real === null) {
      this.refusals++;
      throw new ModelRefused(
        'model-folder-refused',
        'there is no such folder below MODEL_ROOT: give the path of a model relative to it',
      );
    }
    try {
      return await loadParts({ modelFolder: real, engine, precision });
    } catch (error) {
      this.refusals++;
      const reason = error instanceof Error ? error.message : String(error);
      const code = error instanceof ModelError ? error.code : 'model-unusable';
      this.#log.warn({ code, reason }, 'refused a model; the one before serves on');
      throw new ModelRefused(code, reason);
    }
  }
}
