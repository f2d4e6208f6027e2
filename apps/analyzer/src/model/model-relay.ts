import type { EmotionEngine } from '@undertone/models';
import type { AnalyzerParts, ServedModel } from '../analyzer-parts.ts';
import { Batcher, type BatchObserver } from '../batch/batcher.ts';
import type { Clock } from '../clock.ts';
import type { SpeakerSession } from '../session/speaker-session.ts';

/** Time of one tick that may go into handing speakers over: each must hear its last seconds again. */
const handOverMs = 12;
/** Ticks a speaker may take to have nothing waiting; then what waits is given up. */
const patienceTicks = 50;

/** A change of model under way. */
interface HandOver {
  from: Batcher;
  /** Speakers still judged by the model that leaves. */
  staying: Set<SpeakerSession>;
  ticks: number;
  done: PromiseWithResolvers<void>;
}

/**
 * The model that serves. Another one takes over speaker by speaker, each between two of their steps: what was heard last is
 * heard again by the new model, so that the judgement goes on from there. Meanwhile both run; the old engine is closed
 * when its last speaker has gone.
 */
export class ModelRelay {
  /** Models that took over. */
  handOvers = 0;
  /** Speakers whose recent speech the new model could not be made to hear: they began from nothing. */
  forgotten = 0;
  /** Wall clock since which the model serves. */
  sinceMs: number;
  #parts: AnalyzerParts;
  #active: Batcher;
  #handOver: HandOver | null = null;
  #stepsBefore = 0;
  #failuresBefore = 0;
  readonly #sessions = new Set<SpeakerSession>();
  readonly #observer: BatchObserver;
  readonly #clockMs: () => number;
  readonly #clock: Clock;

  /** @param clockMs monotonic, for durations @param clock wall clock */
  constructor(parts: AnalyzerParts, observer: BatchObserver, clockMs: () => number, clock: Clock) {
    this.#parts = parts;
    this.#observer = observer;
    this.#clockMs = clockMs;
    this.#clock = clock;
    this.sinceMs = clock();
    this.#active = new Batcher(parts.engine, parts.model, observer, clockMs);
  }

  /** What new speakers are judged by. */
  get model(): ServedModel {
    return this.#parts.model;
  }

  get engine(): EmotionEngine {
    return this.#parts.engine;
  }

  /** Speakers being judged. */
  get speakers(): number {
    return this.#sessions.size;
  }

  /** Steps judged since the start, by whatever model. */
  get steps(): number {
    return this.#stepsBefore + this.#active.steps + (this.#handOver?.from.steps ?? 0);
  }

  /** Calls of engines that failed. */
  get engineFailures(): number {
    return this.#failuresBefore + this.#active.engineFailures + (this.#handOver?.from.engineFailures ?? 0);
  }

  /** Failures of the engine since its last success. */
  get failuresInARow(): number {
    return this.#active.failuresInARow;
  }

  /** Steps left waiting by the last tick. */
  get backlog(): number {
    return this.#active.backlog + (this.#handOver?.from.backlog ?? 0);
  }

  /** Speakers still judged by the model before. */
  get handingOver(): number {
    return this.#handOver?.staying.size ?? 0;
  }

  /** Everyone being judged. */
  get sessions(): Iterable<SpeakerSession> {
    return this.#sessions;
  }

  add(session: SpeakerSession): void {
    this.#sessions.add(session);
    this.#active.add(session.track);
  }

  remove(session: SpeakerSession): void {
    this.#sessions.delete(session);
    this.#active.remove(session.track);
    this.#handOver?.staying.delete(session);
    this.#handOver?.from.remove(session.track);
  }

  /** Judges what waits, and hands speakers over where the model changes. */
  async tick(): Promise<void> {
    if (this.#handOver) {
      await this.#handOver.from.tick();
      await this.#passOn(this.#handOver);
    }
    await this.#active.tick();
  }

  /**
   * `next` takes over, at once for new speakers; resolves when it judges everyone and the old engine is closed. One change
   * at a time.
   * @param next loaded, verified and run once
   */
  follow(next: AnalyzerParts): Promise<void> {
    if (this.#handOver) throw new Error('the model is being changed already');
    const done = Promise.withResolvers<void>();
    this.#handOver = { from: this.#active, staying: new Set(this.#sessions), ticks: 0, done };
    this.#active = new Batcher(next.engine, next.model, this.#observer, this.#clockMs);
    this.#parts = next;
    this.sinceMs = this.#clock();
    return done.promise;
  }

  /** Closes the engines. Ticks must have ended. Idempotent. */
  async close(): Promise<void> {
    if (this.#handOver) await this.#finish(this.#handOver);
    await this.engine.close();
  }

  async #passOn(handOver: HandOver): Promise<void> {
    const { staying } = handOver;
    const startMs = this.#clockMs();
    handOver.ticks++;
    for (const session of staying) {
      if (session.waitingSteps > 0 && handOver.ticks < patienceTicks) continue;
      await this.#passOver(session, handOver);
      if (this.#clockMs() - startMs > handOverMs) break;
    }
    if (staying.size === 0) await this.#finish(handOver);
  }

  async #passOver(session: SpeakerSession, { from, staying }: HandOver): Promise<void> {
    from.remove(session.track);
    staying.delete(session);
    // From here on the session collects steps for the new model; they wait until its state is up to date.
    const recent = session.follow(this.#parts.model);
    try {
      await this.#active.recollect(recent, session.track.state);
    } catch (error) {
      this.forgotten++;
      this.#observer.failed(error);
    }
    // They may have left meanwhile.
    if (this.#sessions.has(session)) this.#active.add(session.track);
  }

  async #finish(handOver: HandOver): Promise<void> {
    this.#stepsBefore += handOver.from.steps;
    this.#failuresBefore += handOver.from.engineFailures;
    this.#handOver = null;
    this.handOvers++;
    await handOver.from.engine.close();
    handOver.done.resolve();
  }
}
