import type { types } from 'mediasoup';
import type { Socket } from 'socket.io';

/** What the page asks and is told. Bodies are mediasoup's own objects where their names say so. */
export interface Join {
  roomId: string;
  name: string;
  role: 'customer' | 'agent';
  /** Whether the participant agrees to have their voice analysed. */
  consent: boolean;
}

export interface Joined {
  routerRtpCapabilities: types.RtpCapabilities;
  voices: Voice[];
  /** By which the others, and Undertone, know the participant. */
  participantId: string;
  /** Where the overlay comes from; null for none. */
  dashboardUrl: string | null;
}

export interface Voice {
  participantId: string;
  name: string;
  producerId: string;
}

export interface TransportOptions {
  id: string;
  iceParameters: types.IceParameters;
  iceCandidates: types.IceCandidate[];
  dtlsParameters: types.DtlsParameters;
}

export interface ConsumerOptions {
  id: string;
  producerId: string;
  kind: types.MediaKind;
  rtpParameters: types.RtpParameters;
}

/** The answer, or in words why there is none. */
type Reply<Value> = (answer: { value: Value } | { error: string }) => void;
type Ask<Request, Value> = (request: Request, reply: Reply<Value>) => void;

export interface ConferenceRequests {
  join: Ask<Join, Joined>;
  'open-transport': Ask<{ direction: 'send' | 'receive' }, TransportOptions>;
  'connect-transport': Ask<{ transportId: string; dtlsParameters: types.DtlsParameters }, null>;
  produce: Ask<{ rtpParameters: types.RtpParameters }, { id: string }>;
  consume: Ask<{ producerId: string; rtpCapabilities: types.RtpCapabilities }, ConsumerOptions>;
  'set-muted': Ask<{ muted: boolean }, null>;
  'set-consent': Ask<{ consent: boolean }, null>;
}

export interface ConferenceNews {
  voice: (voice: Voice) => void;
  left: (left: { participantId: string }) => void;
  /** Whether the participant's own voice is analysed, and why. */
  decision: (decision: { analysed: boolean; reason: string }) => void;
}

export type ConferenceSocket = Socket<ConferenceRequests, ConferenceNews>;
