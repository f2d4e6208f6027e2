import { type RtpFault, rtpFaults } from '../rtp/rtp-packet.ts';
import type { CaptureSource } from './capture-clock.ts';

/**
 * What has happened on the media path since the process started, over all speakers.
 * Plain numbers: the hot path adds to them, metrics and health read them. The first three say how things are now.
 */
export class TapCounters {
  /** Speakers whose packets come in. */
  streams = 0;
  /** Packets that wait behind a hole, in the jitter buffers of all streams. */
  heldPackets = 0;
  /** Sum over all streams. */
  playoutDelayMs = 0;
  packets = 0;
  /** Datagrams that are not RTP as we expect it, by reason. */
  faults: Record<RtpFault, number> = Object.fromEntries(rtpFaults.map((fault) => [fault, 0])) as Record<
    RtpFault,
    number
  >;
  duplicatePackets = 0;
  latePackets = 0;
  /** Waited behind a hole when their sender began anew. */
  discardedPackets = 0;
  /** Dropped because their sequence number is too far off to be believed. */
  suspectPackets = 0;
  lostPackets = 0;
  /** Times that a jitter buffer gave out what it held, holes and all, to make room for a packet far ahead. */
  jitterOverflows = 0;
  /** Packets by what their capture time goes by. */
  timedPackets: Record<CaptureSource, number> = { 'abs-capture-time': 0, 'sender-report': 0, arrival: 0 };
  /** Comfort noise (RFC 3389): ignored. */
  comfortNoisePackets = 0;
  /** Told as silence and not decoded, because their senders say that they are silent. */
  gatedPackets = 0;
  /** Senders that began anew, or whose media clock jumped. */
  restarts = 0;
  decodedPackets = 0;
  /** Packets that are not valid Opus. */
  decodeErrors = 0;
  /** Rebuilt from the in-band FEC of the next packet. */
  recoveredSamples = 0;
  /** Made up by loss concealment. */
  concealedSamples = 0;
  /** Lost beyond what is concealed: left out of the line. */
  skippedSamples = 0;
  /** Thrown away because silence had already been told for their time. */
  overtakenSamples = 0;
  silenceSamples = 0;
  /** Frames dropped from full rings. */
  droppedFrames = 0;
  sentFrames = 0;
}
