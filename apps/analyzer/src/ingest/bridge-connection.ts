import type { IngestConnection } from '@undertone/http';
import {
  type BridgeMessage,
  type CreditMessage,
  type PcmFrame,
  PcmFrameReader,
  parseBridgeMessage,
  type Speaker,
  WireError,
} from '@undertone/wire';
import type { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { PresentSpeaker, Roster } from '../session/roster.ts';
import type { SpeakerSession } from '../session/speaker-session.ts';
import type { IngestRefusal, IngestRefusals } from './ingest-refusals.ts';

export interface ConnectionLimits {
  maxSpeakers: number;
  /** Frames that a bridge may have sent and not got back as credit. */
  creditFrames: number;
  /** A connection with more refusals than this in ten seconds talks another language and is closed. */
  maxRefusals: number;
}

const refusalWindowMs = 10_000;
/** No capture clock is right this far ahead. */
const maxAheadMs = 60_000;
/** WebSocket close code: policy violation (RFC 6455 §7.4.1). */
const closePolicy = 1008;

/** One connected bridge: its streams, and the credit it has to send frames. */
export class BridgeConnection implements IngestConnection {
  readonly id: number;
  greeted = false;
  /** Frames taken. */
  frames = 0;
  readonly socket: WebSocket;
  readonly #roster: Roster;
  readonly #refusals: IngestRefusals;
  readonly #limits: ConnectionLimits;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #frameReader = new PcmFrameReader();
  readonly #streams = new Map<number, PresentSpeaker>();
  /** Why the socket is not read just now. */
  #congested: SpeakerSession | null = null;
  #bridgeId = '';
  #credit = 0;
  #used = 0;
  #recentRefusals = 0;
  #recentSinceMs = 0;

  constructor(
    id: number,
    socket: WebSocket,
    roster: Roster,
    refusals: IngestRefusals,
    limits: ConnectionLimits,
    clock: Clock,
    log: Log,
  ) {
    this.id = id;
    this.socket = socket;
    this.#roster = roster;
    this.#refusals = refusals;
    this.#limits = limits;
    this.#clock = clock;
    this.#log = log;
  }

  /** Text message. What breaks the contract is counted, and the connection goes on. */
  readText(text: string): void {
    try {
      const message = parseBridgeMessage(text);
      if (message.type !== 'hello' && !this.greeted) this.#refuse('message-before-hello');
      else this.#apply(message);
    } catch (error) {
      this.#refuseError(error);
    }
  }

  /** Binary message: one PCM frame. */
  readBinary(bytes: Uint8Array): void {
    try {
      const frame = this.#frameReader.read(bytes);
      const admitted = this.#admit(frame);
      if (typeof admitted === 'string') {
        this.#refuse(admitted);
        return;
      }
      this.frames++;
      admitted.receive(frame);
      if (admitted.congested) {
        this.#congested = admitted;
        this.socket.pause();
      }
    } catch (error) {
      this.#refuseError(error);
    }
  }

  /** Whether the bridge can be heard: it can't answer while its socket is not read. */
  get paused(): boolean {
    return this.#congested !== null;
  }

  /** Reads on once the speaker who sent faster than the model judges has been caught up with. */
  resumeIfRelieved(): void {
    if (!this.#congested?.relieved) return;
    this.#congested = null;
    this.socket.resume();
  }

  /** Gives back the credit of the frames consumed, once a sixteenth of the window has gathered. */
  grantCredit(): void {
    if (this.#used * 16 < this.#limits.creditFrames) return;
    this.#grant(this.#used);
    this.#used = 0;
  }

  /** The session that a frame belongs to, or why there is none. A frame costs credit whether it is welcome or not. */
  #admit({ streamId, captureMs }: PcmFrame): SpeakerSession | IngestRefusal {
    if (!this.greeted) return 'message-before-hello';
    if (this.#credit === 0) return 'credit-exceeded';
    this.#credit--;
    this.#used++;
    if (captureMs > this.#clock() + maxAheadMs) return 'capture-in-the-future';
    const present = this.#owned(streamId);
    if (!present) return 'stream-unknown';
    return present.session ?? 'stream-not-analysed';
  }

  #apply(message: BridgeMessage): void {
    switch (message.type) {
      case 'hello':
        this.#greet(message.bridgeId);
        break;
      case 'speaker-joined':
        this.#join(message.streamId, message.speaker);
        break;
      case 'speaker-updated': {
        const present = this.#owned(message.streamId);
        if (present) this.#roster.update(present, message.speaker);
        else this.#refuse('stream-unknown');
        break;
      }
      case 'speaker-left': {
        const present = this.#owned(message.streamId);
        this.#streams.delete(message.streamId);
        if (present) this.#roster.leave(present);
        else this.#refuse('stream-unknown');
      }
    }
  }

  #greet(bridgeId: string): void {
    if (this.greeted) return;
    this.greeted = true;
    this.#bridgeId = bridgeId;
    this.#log.info({ connectionId: this.id, bridgeId }, 'bridge connected');
    this.#grant(this.#limits.creditFrames);
  }

  #join(streamId: number, speaker: Speaker): void {
    if (!this.#streams.has(streamId) && this.#streams.size >= this.#limits.maxSpeakers) {
      this.#refuse('too-many-speakers');
      return;
    }
    const before = this.#owned(streamId);
    const present = this.#roster.join(speaker, this.id, `${this.#bridgeId}/${streamId}`);
    if (before && before !== present) this.#roster.leave(before);
    this.#streams.set(streamId, present);
  }

  /** The speaker of a stream, unless another connection has taken them over. */
  #owned(streamId: number): PresentSpeaker | undefined {
    const present = this.#streams.get(streamId);
    return present?.connectionId === this.id ? present : undefined;
  }

  #grant(frames: number): void {
    this.#credit += frames;
    const message: CreditMessage = { type: 'credit', frames };
    this.socket.send(JSON.stringify(message));
  }

  #refuseError(error: unknown): void {
    if (!(error instanceof WireError)) throw error;
    this.#log.debug(
      { connectionId: this.id, code: error.code, reason: error.message },
      'refused a message from the bridge',
    );
    this.#refuse(error.code);
  }

  #refuse(code: IngestRefusal): void {
    this.#refusals.counts[code]++;
    const now = this.#clock();
    if (now - this.#recentSinceMs >= refusalWindowMs) {
      this.#recentSinceMs = now;
      this.#recentRefusals = 0;
    }
    if (++this.#recentRefusals !== this.#limits.maxRefusals + 1) return;
    this.#refusals.counts['too-much-garbage']++;
    this.#log.warn(
      { connectionId: this.id, code },
      'closing a bridge connection that sends too much garbage',
    );
    this.socket.close(closePolicy, 'too much garbage');
  }
}
