/**
 * How should RTP come from mediasoup into this process: DirectTransport (Unix socket, FlatBuffers) or PlainTransport to
 * a dgram socket on loopback? Paced Opus-sized RTP of many producers, the two ways in turn; prints CPU of this process and
 * of the worker per packet, delay from sender to handler, and losses. Ratios within one run are what counts.
 *
 *   npm run bench -- transport [--producers 100] [--seconds 5] [--rounds 7] [--json]
 */
import { fork } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createWorker, type types } from 'mediasoup';
import { RtpPacket } from '../../apps/sfu-bridge/src/rtp/rtp-packet.ts';
import { type Summary, summary, summaryText } from './rounds.ts';

const { values } = parseArgs({
  options: {
    producers: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '7' },
    json: { type: 'boolean', default: false },
  },
});
const producerCount = Number(values.producers);
const packetsPerSecond = 50;
const payloadBytes = 80;
const payloadType = 100;

const ways = ['direct', 'plain'] as const;
type Way = (typeof ways)[number];

interface Round {
  nodeMicrosPerPacket: number;
  workerMicrosPerPacket: number;
  delayP50Ms: number;
  delayP99Ms: number;
  lostPercent: number;
}

const codec: types.RouterRtpCodecCapability = {
  kind: 'audio',
  mimeType: 'audio/opus',
  clockRate: 48_000,
  channels: 2,
  preferredPayloadType: payloadType,
};

/** Handles a packet as the tap does up to decoding: reads the header. */
class Receiver {
  received = 0;
  #packet = new RtpPacket();
  #delaysMs = new Float64Array(1 << 20);

  receive(bytes: Buffer): void {
    if (this.#packet.read(bytes) !== null)
      throw new Error('the benchmark received something else than its RTP');
    if (this.#packet.payloadEnd - this.#packet.payloadStart !== payloadBytes) return;
    const sentMs = bytes.readDoubleBE(this.#packet.payloadStart + 1);
    this.#delaysMs[this.received++ & 0xfffff] = performance.timeOrigin + performance.now() - sentMs;
  }

  delayMs(quantile: number): number {
    const sorted = this.#delaysMs.subarray(0, this.received).slice().sort();
    return sorted[Math.floor(quantile * (sorted.length - 1))];
  }
}

async function consumeDirectly(router: types.Router, producers: types.Producer[], receiver: Receiver) {
  const transport = await router.createDirectTransport();
  for (const producer of producers) {
    const consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities: router.rtpCapabilities,
    });
    consumer.on('rtp', (bytes) => receiver.receive(bytes));
  }
}

async function consumeOverLoopback(
  router: types.Router,
  producers: types.Producer[],
  receiver: Receiver,
): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: true,
    comedia: false,
  });
  await transport.connect({ ip: '127.0.0.1', port: (socket.address() as AddressInfo).port });
  // One socket for all speakers: told apart by SSRC, as the tap would have to.
  const receivers = new Map<number, Receiver>();
  socket.on('message', (bytes) => {
    const type = bytes[1] & 0x7f;
    if (type >= 64 && type < 96) return; // RTCP (RFC 5761 §4)
    receivers.get(bytes.readUInt32BE(8))?.receive(bytes);
  });
  for (const producer of producers) {
    const consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities: router.rtpCapabilities,
    });
    receivers.set(consumer.rtpParameters.encodings?.[0]?.ssrc ?? 0, receiver);
  }
  return socket;
}

async function measure(way: Way): Promise<Round> {
  const worker = await createWorker({ logLevel: 'error' });
  const router = await worker.createRouter({ mediaCodecs: [codec] });
  const ports: number[] = [];
  const ssrcs: number[] = [];
  const producers: types.Producer[] = [];
  for (let i = 0; i < producerCount; i++) {
    const transport = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
      rtcpMux: true,
      comedia: true,
    });
    const ssrc = 1_000 + i;
    producers.push(
      await transport.produce({
        kind: 'audio',
        rtpParameters: {
          codecs: [{ mimeType: 'audio/opus', payloadType, clockRate: 48_000, channels: 2 }],
          encodings: [{ ssrc }],
        },
      }),
    );
    ports.push(transport.tuple.localPort);
    ssrcs.push(ssrc);
  }
  const receiver = new Receiver();
  const socket =
    way === 'direct'
      ? await consumeDirectly(router, producers, receiver)
      : await consumeOverLoopback(router, producers, receiver);

  const sender = fork(new URL('./transport-sender.ts', import.meta.url));
  sender.send({ ports, ssrcs, payloadType, packetsPerSecond, payloadBytes });
  while (receiver.received === 0) await sleep(10);
  const workerBefore = await worker.getResourceUsage();
  const before = process.cpuUsage();
  const receivedBefore = receiver.received;
  await sleep(Number(values.seconds) * 1000);
  const cpu = process.cpuUsage(before);
  const workerAfter = await worker.getResourceUsage();
  const packets = receiver.received - receivedBefore;

  sender.send({ stop: true });
  const [{ sent }] = (await once(sender, 'message')) as [{ sent: number }];
  await sleep(200);
  const round = {
    nodeMicrosPerPacket: (cpu.user + cpu.system) / packets,
    workerMicrosPerPacket:
      (1000 * (workerAfter.ru_utime + workerAfter.ru_stime - workerBefore.ru_utime - workerBefore.ru_stime)) /
      packets,
    delayP50Ms: receiver.delayMs(0.5),
    delayP99Ms: receiver.delayMs(0.99),
    lostPercent: (100 * (sent - receiver.received)) / sent,
  };
  socket?.close();
  worker.close();
  return round;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const rounds: Record<Way, Round[]> = { direct: [], plain: [] };
for (let i = 0; i < Number(values.rounds); i++) {
  // The order turns around every round, so that a drifting machine favours neither.
  for (const way of i % 2 === 0 ? ways : ways.toReversed()) rounds[way].push(await measure(way));
}

const keys = Object.keys(rounds.direct[0]) as (keyof Round)[];
const result = Object.fromEntries(
  keys.map((key) => [
    key,
    {
      direct: summary(rounds.direct.map((round) => round[key])),
      plain: summary(rounds.plain.map((round) => round[key])),
      plainOverDirect: summary(rounds.plain.map((round, i) => round[key] / rounds.direct[i][key])),
    },
  ]),
);
if (values.json) {
  console.log(JSON.stringify(result, null, 2));
} else {
  const cell = (each: Summary) => summaryText(each).padEnd(22);
  console.log(
    `${producerCount} producers × ${packetsPerSecond} packets/s, ${values.rounds} rounds of ${values.seconds} s: median (range)`,
  );
  console.log(`${''.padEnd(24)}${'direct'.padEnd(22)}${'plain + dgram'.padEnd(22)}plain ÷ direct`);
  for (const key of keys) {
    const { direct, plain, plainOverDirect } = result[key];
    console.log(`${key.padEnd(24)}${cell(direct)}${cell(plain)}${cell(plainOverDirect)}`);
  }
}
