import { mediaCodecs } from '../media/media-codecs.ts';
import type { WorkerPool } from '../media/worker-pool.ts';
import { Call, type NewSpeaker } from './call.ts';
import { CallError } from './call-error.ts';
import type { CallSpeaker, SpeakerTools } from './call-speaker.ts';

export interface CallLimits {
  maxCalls: number;
  maxSpeakersPerCall: number;
}

/** How long a new call waits for a media worker in place of one that died. */
const replacementMs = 2_000;

/** The calls there are. A call begins with its first speaker and ends with its last. */
export class LiveCalls {
  /** Speakers who could not join, by the code of their error. */
  readonly refusals = { 'call-full': 0, 'speaker-exists': 0, 'media-unavailable': 0 };
  readonly #pool: WorkerPool;
  readonly #tools: SpeakerTools;
  readonly #limits: CallLimits;
  readonly #calls = new Map<string, Call>();
  /** Calls whose router is being made. */
  readonly #opening = new Map<string, Promise<Call>>();
  #closed = false;

  constructor(pool: WorkerPool, tools: SpeakerTools, limits: CallLimits) {
    this.#pool = pool;
    this.#tools = tools;
    this.#limits = limits;
    tools.desks.onLost = (desk) => {
      for (const call of this.#calls.values()) if (call.desk === desk) call.lose();
    };
  }

  get calls(): MapIterator<Call> {
    return this.#calls.values();
  }

  get size(): number {
    return this.#calls.size;
  }

  get speakers(): number {
    let speakers = 0;
    for (const call of this.#calls.values()) speakers += call.size;
    return speakers;
  }

  get tappedSpeakers(): number {
    let tapped = 0;
    for (const call of this.#calls.values())
      for (const speaker of call.speakers) if (speaker.tapped) tapped++;
    return tapped;
  }

  /** @throws CallError `call-full`, `speaker-exists`, `media-unavailable` */
  async join(callId: string, details: NewSpeaker): Promise<{ call: Call; speaker: CallSpeaker }> {
    try {
      return await this.#join(callId, details);
    } catch (error) {
      if (error instanceof CallError && Object.hasOwn(this.refusals, error.code))
        this.refusals[error.code as keyof LiveCalls['refusals']]++;
      throw error;
    }
  }

  close(): void {
    this.#closed = true;
    for (const call of this.#calls.values()) call.close();
  }

  async #join(callId: string, details: NewSpeaker): Promise<{ call: Call; speaker: CallSpeaker }> {
    const call = await this.#open(callId);
    // Whoever opened it with us may have left again meanwhile.
    if (call.closed) return this.#join(callId, details);
    try {
      return { call, speaker: call.add(details) };
    } finally {
      if (call.size === 0) call.close();
    }
  }

  #open(callId: string): Call | Promise<Call> {
    const call = this.#calls.get(callId);
    if (call) return call;
    let opening = this.#opening.get(callId);
    if (!opening) {
      opening = this.#create(callId).finally(() => this.#opening.delete(callId));
      this.#opening.set(callId, opening);
    }
    return opening;
  }

  async #create(callId: string): Promise<Call> {
    if (this.#closed) throw new CallError('media-unavailable', 'the bridge is shutting down');
    if (this.#calls.size + this.#opening.size >= this.#limits.maxCalls)
      throw new CallError('media-unavailable', `this bridge has ${this.#limits.maxCalls} calls, its limit`);
    await this.#pool.untilAlive(replacementMs);
    const worker = this.#pool.leastLoaded();
    const router = await worker.worker.createRouter({ mediaCodecs }).catch(() => {
      throw new CallError('media-unavailable', 'the media worker did not answer; try again in a moment');
    });
    const call = new Call(callId, router, worker, this.#tools, this.#limits.maxSpeakersPerCall, (closed) => {
      if (this.#calls.get(callId) === closed) this.#calls.delete(callId);
    });
    this.#calls.set(callId, call);
    if (this.#closed) call.close();
    return call;
  }
}
