import type { AnalysisMessage } from '@undertone/wire';

export type PointsMessage = Extract<AnalysisMessage, { type: 'points' }>;

/** Messages of points, oldest first. What they may grow to is for the owner to say. */
export class PointsQueue {
  #messages: PointsMessage[] = [];
  /** Those before this one are taken out; they are let go of together. */
  #first = 0;

  get length(): number {
    return this.#messages.length - this.#first;
  }

  get oldest(): PointsMessage | undefined {
    return this.#messages[this.#first];
  }

  push(message: PointsMessage): void {
    this.#messages.push(message);
  }

  /** Takes the oldest out. */
  shift(): PointsMessage | undefined {
    if (this.length === 0) return undefined;
    const message = this.#messages[this.#first++];
    // Shifting an array moves all of it; cutting off the used part now and then does not.
    if (this.#first * 2 >= this.#messages.length) this.#messages = this.takeAll();
    return message;
  }

  /** Takes all of them out. */
  takeAll(): PointsMessage[] {
    const messages = this.#messages.slice(this.#first);
    this.#messages = [];
    this.#first = 0;
    return messages;
  }

  /** Nothing of this speaker stays. */
  forget(callId: string, speakerId: string): void {
    this.#messages = this.takeAll().filter((each) => each.callId !== callId || each.speakerId !== speakerId);
  }
}
