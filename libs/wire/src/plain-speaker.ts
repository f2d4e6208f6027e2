import { z } from 'zod';
import { consentStateSchema, identifierSchema, type Speaker, speakerRoleSchema } from './speaker.ts';

/**
 * A speaker whose Opus arrives as plain RTP over UDP: `POST /calls/:callId/speakers` on the bridge.
 * For media servers, load generators and the demo call; browsers use the signalling namespace instead.
 */
export const plainSpeakerRequestSchema = z.object({
  /** Chosen by the bridge when absent. */
  id: identifierSchema.optional(),
  name: z.string().trim().min(1).max(80),
  role: speakerRoleSchema,
  consent: consentStateSchema,
});
export type PlainSpeakerRequest = z.infer<typeof plainSpeakerRequestSchema>;

/** `PATCH /calls/:callId/speakers/:speakerId` on the bridge. */
export const speakerUpdateSchema = z.object({
  consent: consentStateSchema.optional(),
  muted: z.boolean().optional(),
});
export type SpeakerUpdate = z.infer<typeof speakerUpdateSchema>;

/** Where and how to send the RTP. */
export interface PlainSpeaker {
  speaker: Speaker;
  rtp: {
    ip: string;
    port: number;
    payloadType: number;
    ssrc: number;
    /** RTP clock of Opus (RFC 7587 §4.1), whatever the encoder's rate. */
    clockRateHz: 48_000;
    /** Header extension ids that the bridge understands (RFC 8285). */
    audioLevelExtensionId: number;
  };
}
