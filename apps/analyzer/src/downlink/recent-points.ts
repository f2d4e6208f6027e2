import { type PointsMessage, PointsQueue } from './points-queue.ts';

/** So much is kept, in capture time. */
const recentMs = 5_000;

const lastMs = ({ points }: PointsMessage): number => points[points.length - 1].atMs;

/**
 * The points sent last, oldest first, for a dashboard that died before it had read them or written them down. It knows by
 * their times which of them it has. Bounded in time and in number.
 */
export class RecentPoints {
  readonly #capacity: number;
  readonly #queue = new PointsQueue();

  /** @param capacity messages */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(message: PointsMessage): void {
    const queue = this.#queue;
    queue.push(message);
    const sinceMs = lastMs(message) - recentMs;
    while (queue.oldest && (queue.length > this.#capacity || lastMs(queue.oldest) < sinceMs)) queue.shift();
  }

  /** Nothing of this speaker may be told again: they withdrew consent, or have left. */
  forget(callId: string, speakerId: string): void {
    this.#queue.forget(callId, speakerId);
  }

  /** Hands all of them out and keeps none. */
  take(): PointsMessage[] {
    return this.#queue.takeAll();
  }
}
