import type { TapCall } from '@undertone/tap';
import type { types } from 'mediasoup';
import type { Voice } from './conference-events.ts';
import type { Participant } from './participant.ts';

/** Participants on one router. It closes with its last one. */
export class Room {
  readonly id: string;
  readonly router: types.Router;
  readonly tapCall: TapCall;
  readonly #participants = new Set<Participant>();
  readonly #onClosed: () => void;

  constructor(id: string, router: types.Router, tapCall: TapCall, onClosed: () => void) {
    this.id = id;
    this.router = router;
    this.tapCall = tapCall;
    this.#onClosed = onClosed;
  }

  get voices(): Voice[] {
    return [...this.#participants].flatMap(({ voice }) => voice ?? []);
  }

  add(participant: Participant): void {
    this.#participants.add(participant);
  }

  /** Tells everybody else. */
  publish(speaking: Participant, voice: Voice): void {
    for (const participant of this.#participants) if (participant !== speaking) participant.hear(voice);
  }

  remove(participant: Participant): void {
    if (!this.#participants.delete(participant)) return;
    for (const other of this.#participants) other.forget(participant.id);
    if (this.#participants.size > 0) return;
    // Undertone: a call is closed by itself with its router.
    this.router.close();
    this.#onClosed();
  }
}
