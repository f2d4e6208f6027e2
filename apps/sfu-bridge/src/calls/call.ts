import { randomUUID } from 'node:crypto';
import type { Join, RemoteSpeaker } from '@undertone/wire';
import type { types } from 'mediasoup';
import type { MediaWorker } from '../media/worker-pool.ts';
import { CallTap } from '../tap/call-tap.ts';
import type { Desk } from '../tap/desk.ts';
import { CallError } from './call-error.ts';
import { CallSpeaker, type SpeakerTools } from './call-speaker.ts';

/** Someone who is told what changes in a call: a browser in it. */
export interface CallWatcher {
  /** Not told of changes to itself. */
  readonly speakerId: string;
  speakerChanged(remote: RemoteSpeaker): void;
  speakerLeft(speakerId: string): void;
  callLost(): void;
}

export type NewSpeaker = Omit<Join, 'callId'> & { id?: string | undefined };

/** A call: one mediasoup router, the speakers in it, and the tap by which those who agreed are listened to. */
export class Call {
  readonly id: string;
  readonly startedAtMs: number;
  readonly router: types.Router;
  readonly worker: MediaWorker;
  /** Where its speakers are listened to. */
  readonly desk: Desk;

  readonly #tools: SpeakerTools;
  readonly #maxSpeakers: number;
  readonly #onClosed: (call: Call) => void;
  readonly #speakers = new Map<string, CallSpeaker>();
  readonly #watchers = new Set<CallWatcher>();
  #tap: Promise<CallTap> | null = null;
  #closed = false;

  /** Counts itself on its worker for as long as it lives. `onClosed` is called once, however it ends. */
  constructor(
    id: string,
    router: types.Router,
    worker: MediaWorker,
    tools: SpeakerTools,
    maxSpeakers: number,
    onClosed: (call: Call) => void,
  ) {
    this.id = id;
    this.startedAtMs = tools.clock();
    this.desk = tools.desks.deskOf(id);
    this.router = router;
    this.worker = worker;
    this.#tools = tools;
    this.#maxSpeakers = maxSpeakers;
    this.#onClosed = onClosed;
    worker.calls++;
    router.on('workerclose', () => this.lose());
  }

  get speakers(): MapIterator<CallSpeaker> {
    return this.#speakers.values();
  }

  get size(): number {
    return this.#speakers.size;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** @throws CallError `call-full`, `speaker-exists` */
  add(details: NewSpeaker): CallSpeaker {
    const { id = randomUUID(), name, role, consent } = details;
    if (this.#speakers.has(id))
      throw new CallError('speaker-exists', `this call already has a speaker ${id}; choose another id`);
    if (this.#speakers.size >= this.#maxSpeakers)
      throw new CallError('call-full', `this call is full: it has ${this.#maxSpeakers} speakers`);
    const speaker = new CallSpeaker(
      { callId: this.id, id, name, role, consent, joinedAtMs: this.#tools.clock() },
      this.#tools,
      this.desk,
      () => this.#openTap(),
      (changed) => this.#changed(changed),
    );
    this.#speakers.set(id, speaker);
    this.#changed(speaker);
    return speaker;
  }

  /** Takes a speaker out; the call closes with its last one. Idempotent. */
  remove(speaker: CallSpeaker): void {
    if (this.#speakers.get(speaker.id) !== speaker) return;
    this.#speakers.delete(speaker.id);
    speaker.close(false);
    for (const watcher of this.#watchers) watcher.speakerLeft(speaker.id);
    if (this.#speakers.size === 0) this.close();
  }

  watch(watcher: CallWatcher): void {
    this.#watchers.add(watcher);
  }

  unwatch(watcher: CallWatcher): void {
    this.#watchers.delete(watcher);
  }

  close(): void {
    this.#close(false);
  }

  #close(lost: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const speaker of this.#speakers.values()) speaker.close(lost);
    this.#speakers.clear();
    this.#watchers.clear();
    this.#tap?.then(
      (tap) => tap.close(),
      () => {},
    );
    this.router.close();
    this.worker.calls--;
    this.#onClosed(this);
  }

  #changed(speaker: CallSpeaker): void {
    if (this.#speakers.get(speaker.id) !== speaker) return;
    for (const watcher of this.#watchers) {
      if (watcher.speakerId !== speaker.id) watcher.speakerChanged(speaker.remote);
    }
  }

  #openTap(): Promise<CallTap> {
    if (!this.#tap) {
      const tap = CallTap.open(this.router, this.desk, this.#tools.desks.nextNumber());
      this.#tap = tap;
      // The next speaker may have more luck.
      tap.catch(() => {
        if (this.#tap === tap) this.#tap = null;
      });
    }
    return this.#tap;
  }

  /** Its media worker or its desk has died. */
  lose(): void {
    const watchers = [...this.#watchers];
    this.#close(true);
    for (const watcher of watchers) watcher.callLost();
  }
}
