import { unknownLevel } from '../rtp/audio-level.ts';

/** Quieter than this is silence, in dB below overload (RFC 6464 §3). */
const silentLevel = 60;
/** A closed gate opens at this level. */
const openLevel = 55;
const digitalSilence = 127;
const voiceBit = 0x80;
/** How long everything must be silent before the gate closes, so that no word loses its end. */
const hangOverMs = 300;

/** Decides by the levels that the sender measured whether its packets hold nothing but silence. */
export class AudioLevelGate {
  #silentMs = 0;

  get closed(): boolean {
    return this.#silentMs >= hangOverMs;
  }

  /** Takes in a packet of `packetMs` with its level byte, and returns whether the gate is closed for it. */
  pass(levelByte: number, packetMs: number): boolean {
    const level = levelByte & 0x7f;
    const voice = (levelByte & voiceBit) !== 0;
    const silent =
      levelByte !== unknownLevel &&
      (level === digitalSilence || (!voice && level > (this.closed ? openLevel : silentLevel)));
    this.#silentMs = silent ? this.#silentMs + packetMs : 0;
    return this.closed;
  }

  open(): void {
    this.#silentMs = 0;
  }
}
