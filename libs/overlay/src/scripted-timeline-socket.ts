import type { TimelineSocket } from './timeline-socket.ts';

type Listener = (...values: unknown[]) => void;

/** A socket that a test connects, cuts and lets speak; it writes down what was asked and answers when told. */
export class ScriptedTimelineSocket {
  connected = false;
  /** Whether it would connect again by itself. */
  active = true;
  readonly asked: { event: string; body: unknown; reply: (answer: unknown) => void }[] = [];
  readonly #listeners = new Map<string, Set<Listener>>();

  /** This, as the class under test sees it. */
  get socket(): TimelineSocket {
    return this as unknown as TimelineSocket;
  }

  on(event: string, listener: Listener): void {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: Listener): void {
    this.#listeners.get(event)?.delete(listener);
  }

  get listening(): number {
    return [...this.#listeners.values()].reduce((sum, each) => sum + each.size, 0);
  }

  emit(event: string, ...values: unknown[]): void {
    const reply = values.at(-1);
    this.asked.push({
      event,
      body: values[0],
      reply: typeof reply === 'function' ? (reply as (answer: unknown) => void) : () => {},
    });
  }

  /** The server says `event`. */
  say(event: string, body?: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(body);
  }

  connect(): void {
    this.connected = true;
    this.say('connect');
  }

  disconnect(): void {
    this.connected = false;
    this.say('disconnect');
  }

  /** Answers the newest request. */
  answer(answer: unknown): void {
    this.asked.at(-1)!.reply(answer);
  }
}
