import type { AnalysisMessage } from '@undertone/wire';
import type { PointsMessage } from './recent-points.ts';

type LeftMessage = Extract<AnalysisMessage, { type: 'speaker-left' }>;

const keyOf = ({ callId, speakerId }: { callId: string; speakerId: string }): string =>
  `${callId}/${speakerId}`;

/**
 * What the dashboard has missed while it could not be reached: points, oldest first, and who left. Bounded: the oldest
 * points give way and count as dropped. Who is present is not kept: the link announces everyone again.
 */
export class Outbox {
  /** Points that gave way. */
  droppedPoints = 0;
  /** Messages that gave way, whatever they say. */
  droppedMessages = 0;
  readonly #capacity: number;
  #points: PointsMessage[] = [];
  #first = 0;
  readonly #left = new Map<string, LeftMessage>();

  /** @param capacity messages of each kind */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Messages of points that wait. */
  get length(): number {
    return this.#points.length - this.#first;
  }

  put(message: AnalysisMessage): void {
    switch (message.type) {
      case 'points':
        this.#points.push(message);
        if (this.length > this.#capacity) {
          this.droppedPoints += this.#shift()?.points.length ?? 0;
          this.droppedMessages++;
        }
        return;
      case 'speaker-left':
        this.#left.set(keyOf(message), message);
        if (this.#left.size > this.#capacity) {
          this.#left.delete(this.#left.keys().next().value as string);
          this.droppedMessages++;
        }
        return;
      case 'speaker-updated':
        if (!message.speaker.decision.analysed) this.#forget(message.speaker.callId, message.speaker.id);
        return;
      case 'speaker-joined':
        this.#left.delete(keyOf({ callId: message.speaker.callId, speakerId: message.speaker.id }));
    }
  }

  /** Takes the next message out: the points first, then who left. */
  take(): AnalysisMessage | undefined {
    const points = this.#shift();
    if (points) return points;
    const [key, left] = this.#left.entries().next().value ?? [];
    if (key !== undefined) this.#left.delete(key);
    return left;
  }

  /** Nothing of someone who withdrew consent waits. */
  #forget(callId: string, speakerId: string): void {
    this.#points = this.#points
      .slice(this.#first)
      .filter((each) => each.callId !== callId || each.speakerId !== speakerId);
    this.#first = 0;
  }

  #shift(): PointsMessage | undefined {
    if (this.length === 0) return undefined;
    const message = this.#points[this.#first++];
    // Shifting an array moves all of it; cutting off the used part now and then does not.
    if (this.#first * 2 >= this.#points.length) {
      this.#points = this.#points.slice(this.#first);
      this.#first = 0;
    }
    return message;
  }
}
