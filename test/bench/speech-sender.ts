// Child process: sends real speech as paced RTP to as many targets as it is told, so that its CPU is not measured. Streams
// take turns evenly over the 20 ms of a packet, as independent microphones do on average, each at its own place in the speech.
import { createSocket } from 'node:dgram';
import { encodeSpeech, readSpeech } from '../bridge/speech-rtp.ts';

export interface SpeechTarget {
  ip: string;
  port: number;
  payloadType: number;
  ssrc: number;
}

/** The targets from now on; those who were among them before go on. */
export interface SendOrder {
  targets: SpeechTarget[];
}

/** Answer to every order. */
export interface SendReport {
  /** Packets sent so far. */
  sent: number;
  /** How late the latest packet since the last order left: the machine can't follow if this is much. */
  latestMs: number;
}

interface Stream extends SpeechTarget {
  sequence: number;
  packets: number;
  place: number;
}

const packetMs = 20;
const packetTicks = 960;
const headerBytes = 12;

const speech = (['11b09Fd', '08a02Wc', '11a02Nc'] as const).flatMap((name) => encodeSpeech(readSpeech(name)));
// An address needs no look-up.
const socket = createSocket({ type: 'udp4', lookup: (address, _options, done) => done(null, address, 4) });
let streams: Stream[] = [];
/** When the first packet of the round under way was due, and how many of it are sent. */
let roundMs = performance.now();
let sentOfRound = 0;
let sent = 0;
let latestMs = 0;

function send(stream: Stream): void {
  const payload = speech[stream.place]!;
  const packet = Buffer.allocUnsafe(headerBytes + payload.length);
  packet[0] = 0x80;
  packet[1] = stream.payloadType;
  packet.writeUInt16BE(stream.sequence, 2);
  packet.writeUInt32BE((stream.packets * packetTicks) % 0x1_0000_0000, 4);
  packet.writeUInt32BE(stream.ssrc, 8);
  packet.set(payload, headerBytes);
  socket.send(packet, stream.port, stream.ip);
  stream.sequence = (stream.sequence + 1) & 0xffff;
  stream.packets++;
  stream.place = (stream.place + 1) % speech.length;
  sent++;
}

setInterval(() => {
  const nowMs = performance.now();
  if (streams.length === 0) {
    roundMs = nowMs;
    return;
  }
  for (;;) {
    const dueMs = roundMs + (packetMs * sentOfRound) / streams.length;
    if (dueMs > nowMs) return;
    latestMs = Math.max(latestMs, nowMs - dueMs);
    send(streams[sentOfRound]!);
    if (++sentOfRound === streams.length) {
      sentOfRound = 0;
      roundMs += packetMs;
    }
  }
}, 1);

process.on('message', ({ targets }: SendOrder) => {
  const known = new Map(streams.map((stream) => [stream.ssrc, stream]));
  streams = targets.map(
    (target, i) =>
      known.get(target.ssrc) ?? { ...target, sequence: 0, packets: 0, place: (i * 97) % speech.length },
  );
  sentOfRound %= Math.max(1, streams.length);
  const report: SendReport = { sent, latestMs };
  latestMs = 0;
  process.send?.(report);
});
process.once('disconnect', () => process.exit());
