import type { AnalysisMessage } from '@undertone/wire';
import { PointsQueue } from './points-queue.ts';

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
  readonly #points = new PointsQueue();
  readonly #left = new Map<string, LeftMessage>();

  /** @param capacity messages of each kind */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Messages of points that wait. */
  get length(): number {
    return this.#points.length;
  }

  put(message: AnalysisMessage): void {
    switch (message.type) {
      case 'points':
        this.#points.push(message);
        if (this.length > this.#capacity) {
          this.droppedPoints += this.#points.shift()?.points.length ?? 0;
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
        // Nothing of someone who withdrew consent waits.
        if (!message.speaker.decision.analysed)
          this.#points.forget(message.speaker.callId, message.speaker.id);
        return;
      case 'speaker-joined':
        this.#left.delete(keyOf({ callId: message.speaker.callId, speakerId: message.speaker.id }));
    }
  }

  /** Takes the next message out: the points first, then who left. */
  take(): AnalysisMessage | undefined {
    const points = this.#points.shift();
    if (points) return points;
    const [key, left] = this.#left.entries().next().value ?? [];
    if (key !== undefined) this.#left.delete(key);
    return left;
  }
}
