/** RTP clock of Opus, whatever rate it is encoded from or decoded to (RFC 7587 §4.1). */
export const rtpClockRateHz = 48_000;
