import { decodedRateHz } from '../opus/speech-decoder.ts';

/** RTP clock of Opus, whatever rate it is encoded from or decoded to (RFC 7587 §4.1). */
export const rtpClockRateHz = 48_000;
/** Of one decoded sample. */
export const ticksPerSample = rtpClockRateHz / decodedRateHz;
