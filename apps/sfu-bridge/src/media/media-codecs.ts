import type { types } from 'mediasoup';

/** RTP payload type of Opus on the bridge's routers, and of what plain speakers send. */
export const opusPayloadType = 100;

/** Opus with in-band FEC and DTX (RFC 7587 §6.1): losses can be rebuilt, silence costs nothing. */
export const mediaCodecs: types.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    preferredPayloadType: opusPayloadType,
    parameters: { useinbandfec: 1, usedtx: 1 },
  },
];
