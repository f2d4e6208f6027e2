import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { workerOf } from '../link/worker-of.ts';
import type { Desk } from './desk.ts';
import { type DeskConfig, setUpDesk } from './desk-setup.ts';
import { type DeskStatus, type LinkStatus, sumCounters, sumLinks } from './desk-status.ts';
import { DeskThread } from './desk-thread.ts';
import { TapCounters } from './tap-counters.ts';
import type { TapDesk } from './tap-desk.ts';

export interface TapDesksOptions {
  /** 1: in this thread. More: each in a thread of its own. */
  desks: number;
  config: DeskConfig;
  /** Of the desk in this thread. */
  clock: Clock;
  log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
}

/**
 * All desks (docs/decisions/0019-many-cores.md). A call's desk follows from its name, so that everyone of a call is listened to
 * in one thread, and a call that comes back in the same one. What they count is as of the last `refresh`.
 */
export class TapDesks {
  readonly counters: TapCounters;
  readonly link: LinkStatus;
  /** Called with the duration of every tick, at the latest with the next `refresh`. */
  onTick: (ms: number) => void = () => {};
  /** Called when the desk's calls are lost. */
  onLost: (desk: Desk) => void = () => {};
  /** Threads that died. */
  deaths = 0;
  readonly #local: TapDesk | null = null;
  readonly #threads: DeskThread[] = [];
  readonly #latest = new Map<DeskThread, DeskStatus>();
  /** Counts of threads that died. */
  #past = new TapCounters();
  #lastNumber = 0;

  constructor({ desks, config, clock, log }: TapDesksOptions) {
    if (desks === 1) {
      const { desk, counters, link } = setUpDesk(config, clock, log, (ms) => this.onTick(ms));
      this.#local = desk;
      this.counters = counters;
      this.link = link;
      return;
    }
    this.counters = new TapCounters();
    this.link = { ...sumLinks([]), connected: false };
    for (let index = 0; index < desks; index++)
      this.#threads.push(new DeskThread(index, config, (desk) => this.#lost(desk), log));
  }

  get size(): number {
    return Math.max(1, this.#threads.length);
  }

  /** How far time, as it passes for the taps, is behind the clock, where it is worst. */
  get behindMs(): number {
    if (this.#local) return this.#local.behindMs;
    return Math.max(0, ...Array.from(this.#latest.values(), ({ behindMs }) => behindMs));
  }

  /** Names something at a desk; no number is given twice. */
  nextNumber(): number {
    return ++this.#lastNumber;
  }

  deskOf(callId: string): Desk {
    return this.#local ?? this.#threads[workerOf({ callId, id: '' }, this.#threads.length)];
  }

  /** Asks the threads how they are. */
  async refresh(): Promise<void> {
    if (this.#local) return;
    await Promise.all(
      this.#threads.map(async (thread) => {
        const status = await thread.status();
        if (!status) return;
        this.#latest.set(thread, status);
        for (const ms of status.tickMs) this.onTick(ms);
      }),
    );
    const known = [...this.#latest.values()];
    Object.assign(this.counters, sumCounters([this.#past, ...known.map(({ counters }) => counters)]));
    const link = sumLinks(known.map((status) => status.link));
    Object.assign(this.link, link, { connected: link.connected && known.length === this.#threads.length });
  }

  async close(): Promise<void> {
    await Promise.all([this.#local?.close(), ...this.#threads.map((thread) => thread.close())]);
  }

  #lost(thread: DeskThread): void {
    this.deaths++;
    const status = this.#latest.get(thread);
    this.#latest.delete(thread);
    // What it counted stays counted; nobody is heard there any more.
    if (status)
      this.#past = sumCounters([
        this.#past,
        { ...status.counters, streams: 0, heldPackets: 0, playoutDelayMs: 0 },
      ]);
    this.onLost(thread);
  }
}
