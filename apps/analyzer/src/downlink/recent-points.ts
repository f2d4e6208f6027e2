import type { AnalysisMessage } from '@undertone/wire';

export type PointsMessage = Extract<AnalysisMessage, { type: 'points' }>;

/** So much is kept, in capture time. */
const recentMs = 5_000;

const lastMs = ({ points }: PointsMessage): number => points[points.length - 1].atMs;

/**
 * The points sent last, oldest first, for a dashboard that died before it had read them or written them down. It knows by
 * their times which of them it has. Bounded in time and in number.
 */
export class RecentPoints {
  readonly #capacity: number;
  #messages: PointsMessage[] = [];
  /** Those before this one are no longer kept; they are let go of together. */
  #first = 0;

  /** @param capacity messages */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(message: PointsMessage): void {
    const messages = this.#messages;
    messages.push(message);
    const oldestMs = lastMs(message) - recentMs;
    while (messages.length - this.#first > this.#capacity || lastMs(messages[this.#first]) < oldestMs)
      this.#first++;
    // Moving the rest down now and then costs less than with every message.
    if (this.#first * 2 < messages.length) return;
    messages.splice(0, this.#first);
    this.#first = 0;
  }

  /** Nothing of this speaker may be told again: they withdrew consent, or have left. */
  forget(callId: string, speakerId: string): void {
    this.#messages = this.take().filter((each) => each.callId !== callId || each.speakerId !== speakerId);
  }

  /** Hands all of them out and keeps none. */
  take(): PointsMessage[] {
    const messages = this.#messages.slice(this.#first);
    this.#messages = [];
    this.#first = 0;
    return messages;
  }
}
