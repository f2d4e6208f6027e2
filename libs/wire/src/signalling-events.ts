import { z } from 'zod';
import type { Reply } from './reply.ts';
import { consentStateSchema, identifierSchema, type Speaker, speakerRoleSchema } from './speaker.ts';

/**
 * Signalling between a browser and the bridge (socket.io namespace `/signalling`).
 * Order: `join` → `create-transport` → `connect-transport` → `produce`; for the others' voices `consume` → `resume`.
 * The bodies named `rtp…`, `ice…`, `dtls…` are mediasoup's own objects: mediasoup validates them.
 */
export const joinSchema = z.object({
  callId: identifierSchema,
  name: z.string().trim().min(1).max(80),
  role: speakerRoleSchema,
  consent: consentStateSchema,
});
export type Join = z.infer<typeof joinSchema>;

const mediasoupObject = z.record(z.string(), z.unknown());

export const createTransportSchema = z.object({ direction: z.enum(['send', 'receive']) });
export const connectTransportSchema = z.object({ transportId: z.uuid(), dtlsParameters: mediasoupObject });
export const produceSchema = z.object({ transportId: z.uuid(), rtpParameters: mediasoupObject });
export const consumeSchema = z.object({ producerId: z.uuid(), rtpCapabilities: mediasoupObject });
export const resumeSchema = z.object({ consumerId: z.uuid() });
export const setMutedSchema = z.object({ muted: z.boolean() });
export const setConsentSchema = z.object({ consent: consentStateSchema });

export type CreateTransport = z.infer<typeof createTransportSchema>;
export type ConnectTransport = z.infer<typeof connectTransportSchema>;
export type Produce = z.infer<typeof produceSchema>;
export type Consume = z.infer<typeof consumeSchema>;
export type Resume = z.infer<typeof resumeSchema>;
export type SetMuted = z.infer<typeof setMutedSchema>;
export type SetConsent = z.infer<typeof setConsentSchema>;

export type SignallingErrorCode =
  | 'request-malformed'
  | 'not-joined'
  | 'already-joined'
  | 'call-full'
  | 'transport-not-found'
  | 'transport-failed'
  | 'producer-rejected'
  | 'producer-not-found'
  | 'cannot-consume'
  | 'media-unavailable';

/** Someone else in the call whose voice can be consumed. */
export interface RemoteSpeaker {
  speaker: Speaker;
  producerId: string | null;
}

export interface Joined {
  speaker: Speaker;
  /** mediasoup RtpCapabilities of the call's router. */
  routerRtpCapabilities: unknown;
  others: RemoteSpeaker[];
}

export interface TransportOptions {
  id: string;
  iceParameters: unknown;
  iceCandidates: unknown;
  dtlsParameters: unknown;
}

export interface ConsumerOptions {
  id: string;
  producerId: string;
  kind: 'audio';
  rtpParameters: unknown;
}

type Ask<Request, Value> = (
  request: Request,
  reply: (reply: Reply<Value, SignallingErrorCode>) => void,
) => void;

export interface SignallingClientEvents {
  join: Ask<Join, Joined>;
  'create-transport': Ask<CreateTransport, TransportOptions>;
  'connect-transport': Ask<ConnectTransport, null>;
  produce: Ask<Produce, { producerId: string }>;
  consume: Ask<Consume, ConsumerOptions>;
  resume: Ask<Resume, null>;
  'set-muted': Ask<SetMuted, Speaker>;
  'set-consent': Ask<SetConsent, Speaker>;
}

export interface SignallingServerEvents {
  /** Someone joined, changed, or began to publish. */
  'speaker-changed': (remote: RemoteSpeaker) => void;
  'speaker-left': (left: { speakerId: string }) => void;
  /** The media server of this call died; join again. */
  'call-lost': (lost: { message: string }) => void;
}
