import { unknownLevel } from './audio-level.ts';
import { PlayoutDelay } from './playout-delay.ts';

export interface JitterBufferOptions {
  /** Packets held at most; a power of two. */
  capacityPackets: number;
  /** How long a packet waits for an earlier one that is missing: at first, and at most. */
  minDelayMs: number;
  maxDelayMs: number;
  /** RTP clock of the timestamps. */
  clockRateHz: number;
}

export type Inserted = 'held' | 'duplicate' | 'late' | 'suspect' | 'restarted';
export type Taken = 'packet' | 'lost' | 'nothing';

// RFC 3550 §A.1: within these distances a sequence number is late or early; beyond them the sender has restarted,
// which is believed when two packets in a row say so.
const maxMisorderPackets = 100;
const maxDropoutPackets = 3_000;

/**
 * Puts a stream's packets in order (numbers already unwrapped) and says which are lost.
 *
 * There is no fixed playout delay: a packet that is next in order is given out at once, and only behind a hole do
 * packets wait, until the missing one arrives, the first that waits has waited for the playout delay, or the packets that
 * wait span as much media time. The delay adapts to the network's jitter (`PlayoutDelay`). Payloads are kept by
 * reference and must not be changed by their owner.
 */
export class JitterBuffer {
  /** After `take` returned `packet`. */
  timestamp = 0;
  arrivalMs = 0;
  payload: Uint8Array = new Uint8Array(0);
  /** As given to `insert`. */
  toldMs = Number.NaN;
  levelByte = unknownLevel;
  /** After `take` returned `lost`: how many packets are missing before the next one. */
  lostPackets = 0;
  /** After `insert` returned `restarted`: how many packets waited, and were thrown away since their place is gone. */
  discardedPackets = 0;

  #mask: number;
  #delay: PlayoutDelay;
  #ticksPerMs: number;
  #next = -1;
  #highest = -1;
  #held = 0;
  #suspect = -1;
  #sequences: Float64Array;
  #timestamps: Float64Array;
  #arrivals: Float64Array;
  #toldMs: Float64Array;
  #levelBytes: Int16Array;
  #payloads: (Uint8Array | null)[];
  /** The loss declared last: its first packet, and since when the one behind it had waited. */
  #lossSequence = 0;
  #lossSinceMs = 0;

  constructor(options: JitterBufferOptions) {
    const { capacityPackets, minDelayMs, maxDelayMs, clockRateHz } = options;
    if (capacityPackets < 2 || (capacityPackets & (capacityPackets - 1)) !== 0) {
      throw new RangeError(`capacityPackets must be a power of two, not ${capacityPackets}`);
    }
    this.#mask = capacityPackets - 1;
    this.#delay = new PlayoutDelay({ minMs: minDelayMs, maxMs: maxDelayMs, clockRateHz });
    this.#ticksPerMs = clockRateHz / 1000;
    this.#sequences = new Float64Array(capacityPackets).fill(-1);
    this.#timestamps = new Float64Array(capacityPackets);
    this.#arrivals = new Float64Array(capacityPackets);
    this.#toldMs = new Float64Array(capacityPackets);
    this.#levelBytes = new Int16Array(capacityPackets);
    this.#payloads = new Array<Uint8Array | null>(capacityPackets).fill(null);
  }

  /** Packets that wait behind a hole. */
  get held(): number {
    return this.#held;
  }

  /** How long a packet waits at present. */
  get delayMs(): number {
    return this.#delay.delayMs;
  }

  /**
   * Takes in one packet. Call `take` until it returns `nothing` before the next.
   * `restarted`: the sender began anew, with other sequence numbers and timestamps; the packet is held.
   * `suspect`: the number is too far off to be believed yet; the packet is dropped.
   * `toldMs` and `levelByte` are what the packet says of its capture time and level: given out with it.
   */
  insert(
    sequence: number,
    timestamp: number,
    payload: Uint8Array,
    arrivalMs: number,
    toldMs = Number.NaN,
    levelByte = unknownLevel,
  ): Inserted {
    const inserted = this.#judge(sequence, arrivalMs);
    if (inserted !== 'held' && inserted !== 'restarted') return inserted;
    this.#delay.arrived(timestamp, arrivalMs);
    const slot = sequence & this.#mask;
    this.#sequences[slot] = sequence;
    this.#timestamps[slot] = timestamp;
    this.#arrivals[slot] = arrivalMs;
    this.#toldMs[slot] = toldMs;
    this.#levelBytes[slot] = levelByte;
    this.#payloads[slot] = payload;
    this.#held++;
    if (sequence > this.#highest) this.#highest = sequence;
    return inserted;
  }

  /** Forgets the stream: the next packet begins another. */
  restart(): void {
    this.#clear();
    this.#next = -1;
  }

  #judge(sequence: number, arrivalMs: number): Inserted {
    if (this.#next < 0) {
      this.#next = sequence;
      return 'held';
    }
    const ahead = sequence - this.#next;
    if (ahead < -maxMisorderPackets || ahead > maxDropoutPackets) {
      if (sequence !== this.#suspect) {
        this.#suspect = sequence + 1;
        return 'suspect';
      }
      this.#clear();
      this.#next = sequence;
      return 'restarted';
    }
    this.#suspect = -1;
    if (this.#sequences[sequence & this.#mask] === sequence) return 'duplicate';
    if (ahead < 0) {
      if (this.#lossSequence > 0 && sequence >= this.#lossSequence)
        this.#delay.cameLate(arrivalMs - this.#lossSinceMs);
      return 'late';
    }
    // Its slot belongs to a packet that waits, or may: so far behind the newest, it is not worth waiting for others.
    if (this.#held > 0 && sequence < this.#highest - this.#mask) return 'late';
    return 'held';
  }

  /** Whether `sequence` is too far ahead to be held beside what waits: then `take(Infinity)` out everything first. */
  overflows(sequence: number): boolean {
    return this.#held > 0 && sequence - this.#next > this.#mask && sequence - this.#next <= maxDropoutPackets;
  }

  /** Gives out the next packet, or the loss before it, or `nothing` as long as waiting may still help. */
  take(nowMs: number): Taken {
    if (this.#held === 0) return 'nothing';
    const slot = this.#next & this.#mask;
    const payload = this.#payloads[slot];
    if (payload !== null && this.#sequences[slot] === this.#next) {
      this.timestamp = this.#timestamps[slot];
      this.arrivalMs = this.#arrivals[slot];
      this.payload = payload;
      this.toldMs = this.#toldMs[slot];
      this.levelByte = this.#levelBytes[slot];
      this.#payloads[slot] = null;
      this.#held--;
      this.#next++;
      return 'packet';
    }
    const first = this.#firstHeld();
    const firstSlot = first & this.#mask;
    const waitedMs = nowMs - this.#arrivals[firstSlot];
    const spanTicks = this.#timestamps[this.#highest & this.#mask] - this.#timestamps[firstSlot];
    const delayMs = this.#delay.delayMs;
    if (waitedMs < delayMs && spanTicks < delayMs * this.#ticksPerMs) return 'nothing';
    this.lostPackets = first - this.#next;
    this.#lossSequence = this.#next;
    this.#lossSinceMs = this.#arrivals[firstSlot];
    this.#next = first;
    return 'lost';
  }

  #firstHeld(): number {
    let sequence = Math.max(this.#next, this.#highest - this.#mask);
    while (this.#payloads[sequence & this.#mask] === null) sequence++;
    return sequence;
  }

  #clear(): void {
    this.discardedPackets = this.#held;
    this.#sequences.fill(-1);
    this.#payloads.fill(null);
    this.#held = 0;
    this.#highest = -1;
    this.#suspect = -1;
    this.#lossSequence = 0;
  }
}
