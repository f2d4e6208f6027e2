import type { BridgeClient } from './bridge-client.ts';
import type { CallScript } from './call-script.ts';
import { DemoSpeaker } from './demo-speaker.ts';
import { clipSampleRateHz } from './flac-clip.ts';
import { FrameClock, type TimeSource } from './frame-clock.ts';
import { OpusTrack } from './opus-track.ts';
import type { MixedCall } from './speaker-track.ts';

/** How often the bridge is asked whether it still knows the speakers. */
const checkEveryMs = 2_000;

export interface DemoCallOptions {
  bridge: BridgeClient;
  callId: string;
  script: CallScript;
  mix: MixedCall;
  /** Start again at the end, for ever. */
  loop: boolean;
  time: TimeSource;
  /** One line for people. */
  say: (line: string) => void;
}

/** Plays a scripted call into the bridge as paced Opus RTP. */
export class DemoCall {
  readonly #options: DemoCallOptions;
  readonly #speakers: DemoSpeaker[];
  readonly #clock: FrameClock;
  readonly #lengthFrames: number;
  #cancelCheck: (() => void) | null = null;
  #checking: Promise<void> = Promise.resolve();
  #lastTrouble: string | null = null;
  #stopped: Promise<void> | null = null;
  #finish: () => void = () => {};
  /** Settles when the call has been played to its end (never with `loop`) or was stopped. */
  readonly finished = new Promise<void>((resolve) => {
    this.#finish = resolve;
  });

  constructor(options: DemoCallOptions) {
    this.#options = options;
    const { bridge, callId, script, mix } = options;
    const tracks = script.speakers.map(({ id }) => new OpusTrack(mix.tracks.get(id)!, clipSampleRateHz));
    this.#lengthFrames = tracks[0].length;
    // The demo's speakers agree to the analysis: nothing is assumed on their behalf elsewhere.
    this.#speakers = script.speakers.map(
      (speaker, i) => new DemoSpeaker(bridge, callId, { ...speaker, consent: 'granted' }, tracks[i]),
    );
    this.#clock = new FrameClock(options.time, (slot, wallMs) => this.#playSlot(slot, wallMs));
  }

  /** Waits for the bridge, joins the speakers and starts to play. */
  start(): void {
    this.#check();
  }

  /** Takes the speakers out of the call. Idempotent. */
  stop(): Promise<void> {
    this.#stopped ??= this.#leave();
    return this.#stopped;
  }

  #playSlot(slot: number, wallMs: number): void {
    if (!this.#options.loop && slot >= this.#lengthFrames) {
      void this.stop();
      return;
    }
    for (const speaker of this.#speakers) speaker.send(slot, wallMs);
  }

  #check(): void {
    this.#checking = this.#join().finally(() => {
      if (this.#stopped === null)
        this.#cancelCheck = this.#options.time.after(checkEveryMs, () => this.#check());
    });
  }

  async #join(): Promise<void> {
    try {
      let joined = false;
      for (const speaker of this.#speakers) joined = (await speaker.ensurePresent()) || joined;
      if (joined && this.#stopped === null) {
        this.#options.say(`the demo call "${this.#options.callId}" is playing`);
        this.#clock.start();
      }
      this.#lastTrouble = null;
    } catch (error) {
      const trouble = error instanceof Error ? error.message : String(error);
      if (trouble !== this.#lastTrouble) this.#options.say(`${trouble}; trying again`);
      this.#lastTrouble = trouble;
    }
  }

  async #leave(): Promise<void> {
    this.#clock.stop();
    this.#cancelCheck?.();
    await this.#checking;
    await Promise.allSettled(this.#speakers.map((speaker) => speaker.leave()));
    this.#finish();
  }
}
