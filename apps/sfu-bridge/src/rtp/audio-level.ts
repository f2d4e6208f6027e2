import type { RtpExtensions } from './rtp-extensions.ts';

/** RFC 6464: the level of the audio of each packet, in its header. */
export const audioLevelUri = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** Of a packet that doesn't carry a level. */
export const unknownLevel = -1;

/**
 * The level byte of a packet (RFC 6464 §3): the sender's voice activity in the upper bit, below it how far the level lies
 * below overload, 0 to 127 dB. `unknownLevel` if the packet doesn't carry it.
 */
export function readAudioLevel(bytes: Uint8Array, extensions: RtpExtensions, id: number): number {
  const at = extensions.offset(id);
  return at < 0 ? unknownLevel : bytes[at];
}
