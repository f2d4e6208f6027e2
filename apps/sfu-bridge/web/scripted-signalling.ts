import type { Joined, Speaker } from '@undertone/wire';
import { type Signalling, SignallingError } from './signalling.ts';

export const makeSpeaker = (overrides: Partial<Speaker>): Speaker => ({
  callId: 'shop-17',
  id: 'me',
  name: 'Mara',
  role: 'customer',
  consent: 'granted',
  muted: false,
  decision: { analysed: true, reason: 'customer who agreed' },
  joinedAtMs: 0,
  ...overrides,
});

type Listener = (argument: never) => void;

/** A bridge that answers every request from a script and is told by the test when to speak up. */
export class ScriptedSignalling implements Signalling {
  connected = false;
  readonly asked: [event: string, request: unknown][] = [];
  others: Joined['others'] = [];
  /** Requests that are refused, by event. */
  readonly refusals = new Map<string, SignallingError>();
  readonly #listeners = new Map<string, Listener>();
  #onConnected: () => void = () => {};
  #onDisconnected: () => void = () => {};
  #self = makeSpeaker({});

  connect(): void {
    if (this.connected) return;
    this.connected = true;
    this.#onConnected();
  }

  disconnect(): void {
    if (!this.connected) return;
    this.connected = false;
    this.#onDisconnected();
  }

  emit(event: string, argument: unknown): void {
    this.#listeners.get(event)?.(argument as never);
  }

  ask: Signalling['ask'] = async (event, request) => {
    this.asked.push([event, request]);
    if (!this.connected) throw new SignallingError('no-reply', 'not connected');
    const refusal = this.refusals.get(event);
    if (refusal !== undefined) throw refusal;
    this.#self = { ...this.#self, ...(request as Partial<Speaker>) };
    const joined: Joined = { speaker: this.#self, routerRtpCapabilities: {}, others: this.others };
    return (event === 'join' ? joined : this.#self) as never;
  };

  on: Signalling['on'] = (event, listener) => {
    this.#listeners.set(event, listener as Listener);
  };

  onConnected(listener: () => void): void {
    this.#onConnected = listener;
  }

  onDisconnected(listener: () => void): void {
    this.#onDisconnected = listener;
  }
}
