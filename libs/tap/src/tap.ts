import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { AnalysisDecision } from '@undertone/wire';
import { BridgeLink } from './bridge-link.ts';
import type { BridgeSession } from './bridge-session.ts';
import { type CallSurroundings, type NewCall, TapCall } from './tap-call.ts';
import { TapError } from './tap-error.ts';
import { type CheckedTapOptions, checkOptions, type PipeListenInfo, type TapOptions } from './tap-options.ts';
import type { TapSpeaker } from './tap-speaker.ts';

export interface TapEvents {
  /** The bridge is there; everyone present is being announced. */
  connected: [];
  /** The bridge is not there; the tap goes on trying. Told once for each reason. */
  disconnected: [TapError];
  /** `speaker.decision` is new or has changed. */
  decision: [TapSpeaker];
  /** Something does not work for a speaker; the tap goes on trying. Told once, until it has worked again. */
  problem: [TapError, TapSpeaker];
}

/** Withdrawals of speakers who left, to be told when the bridge is back; beyond, the oldest are forgotten. */
const maxOwedWithdrawals = 1_000;
const farewellMs = 2_000;

/**
 * Hands the audio of a mediasoup application's calls to an Undertone bridge. One for each process of the host.
 *
 * It never throws later than its methods return, and RTP never passes this process: it goes from worker to worker.
 */
export class Tap extends EventEmitter<TapEvents> {
  /** Owed withdrawals that were forgotten. */
  forgottenWithdrawals = 0;
  readonly #options: CheckedTapOptions;
  readonly #calls = new Map<string, TapCall>();
  /** Speakers whom the host has removed and the bridge still has. */
  readonly #leaving = new Set<TapSpeaker>();
  readonly #link: BridgeLink;
  readonly #surroundings: CallSurroundings;
  readonly #arrivalCheck: NodeJS.Timeout;
  #session: BridgeSession | null = null;
  #lostReason: string | null = null;
  #closing: Promise<void> | null = null;

  /**
   * Connects at once, and keeps trying until `close`.
   * @throws TapError `option-wrong`
   */
  constructor(options: TapOptions) {
    super();
    this.#options = checkOptions(options);
    this.#surroundings = this.#surroundCalls();
    this.#arrivalCheck = setInterval(() => {
      for (const call of this.#calls.values()) void call.checkArrival();
    }, this.#options.arrivalCheckMs).unref();
    this.#link = new BridgeLink(randomUUID(), this.#options, {
      welcomed: (session) => this.#welcomed(session),
      decided: (callId, speakerId, decision) => this.#decided(callId, speakerId, decision),
      callLost: (callId) => this.#calls.get(callId)?.forgotten(),
      lost: (error) => this.#lost(error),
    });
  }

  get connected(): boolean {
    return this.#session !== null;
  }

  get calls(): MapIterator<TapCall> {
    return this.#calls.values();
  }

  /**
   * Begins a call; its speakers are added to it.
   * @throws TapError `tap-closed`, `call-exists`, `speaker-malformed`
   */
  addCall(call: NewCall): TapCall {
    if (this.#closing) throw new TapError('tap-closed', 'this tap is closed; make another one');
    if (this.#calls.has(call.id))
      throw new TapError('call-exists', `there is a call ${call.id}; close that one first`);
    const added = new TapCall(call, this.#surroundings);
    this.#calls.set(added.id, added);
    return added;
  }

  /** Closes all calls, tells the bridge, and resolves when the connection is closed. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#arrivalCheck);
    for (const call of this.#calls.values()) call.close();
    const departures = Array.from(this.#leaving, (speaker) => speaker.finished);
    if (this.#session) await Promise.race([Promise.all(departures), elapsed(farewellMs)]);
    await this.#link.close();
  }

  #welcomed(session: BridgeSession): void {
    this.#session = session;
    this.#lostReason = null;
    // Withdrawals first: nobody who comes after may be taken for who left.
    for (const speaker of this.#leaving) speaker.reconcile();
    for (const call of this.#calls.values()) call.reconcile();
    this.#tell('connected');
  }

  #lost(error: TapError): void {
    this.#session = null;
    for (const call of this.#calls.values()) call.forgotten();
    for (const speaker of this.#leaving) speaker.forgotten();
    if (this.#closing || this.#lostReason === error.code) return;
    this.#lostReason = error.code;
    this.#tell('disconnected', error);
  }

  #decided(callId: string, speakerId: string, decision: AnalysisDecision): void {
    this.#calls.get(callId)?.find(speakerId)?.decide(decision);
  }

  #surroundCalls(): CallSurroundings {
    const tap = this;
    return {
      get session(): BridgeSession | null {
        return tap.#session;
      },
      get listen(): PipeListenInfo {
        return tap.#options.listen;
      },
      departure: (callId, speakerId) => this.#departureOf(callId, speakerId),
      leaving: (speaker) => this.#depart(speaker),
      gone: (speaker) => this.#leaving.delete(speaker),
      callClosed: ({ id }) => this.#calls.delete(id),
      decided: (speaker) => this.#tell('decision', speaker),
      failed: (error, speaker) => this.#tell('problem', error, speaker),
    };
  }

  /** Of the last one with that id: it waits for those before. */
  #departureOf(callId: string, speakerId: string): Promise<void> | null {
    let departure: Promise<void> | null = null;
    for (const speaker of this.#leaving)
      if (speaker.id === speakerId && speaker.callId === callId) departure = speaker.finished;
    return departure;
  }

  #depart(speaker: TapSpeaker): void {
    this.#leaving.add(speaker);
    if (this.#session || this.#leaving.size <= maxOwedWithdrawals) return;
    const [oldest] = this.#leaving;
    if (oldest?.owesWithdrawal) this.forgottenWithdrawals++;
    oldest?.forget();
  }

  /** The host's listeners run by themselves: what they throw is theirs. */
  #tell<Event extends keyof TapEvents>(event: Event, ...args: TapEvents[Event]): void {
    queueMicrotask(() => (this as EventEmitter).emit(event, ...args));
  }
}

const elapsed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
