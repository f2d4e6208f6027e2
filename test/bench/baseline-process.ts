// Child process of capacity.ts: a pipeline of public packages from RTP to probabilities, one process, one thread.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createNaivePipeline } from './naive-pipeline.ts';
import { createStrongPipeline } from './strong-pipeline.ts';

export interface BaselinePipeline {
  addStream(): Promise<void>;
  removeStream(): void;
  /** Takes a stream's next Opus packet, in memory of its own. */
  receive(stream: number, payload: Buffer): void;
}

export type BaselineName = 'naive' | 'naive-wasm' | 'strong';

/** Asks for so many streams, whose SSRCs are their numbers. */
export interface BaselineOrder {
  streams: number;
}

export interface BaselineReport {
  port: number;
  /** So far. */
  packets: number;
  steps: number;
  /** How far the newest packets are behind the earliest, by their timestamps; since the last report. */
  lagsMs: number[];
}

const headerBytes = 12;
const ticksPerMs = 48;
const sampleOneIn = 97;

let packets = 0;
let steps = 0;
let lagsMs: number[] = [];
/** By stream: least difference between arrival and media time. */
const leastMs: number[] = [];

const name = process.env.BASELINE as BaselineName;
const onStep = () => steps++;
const pipeline =
  name === 'strong'
    ? await createStrongPipeline(onStep)
    : await createNaivePipeline(onStep, name === 'naive-wasm');
const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
socket.bind(0, '127.0.0.1');
await once(socket, 'listening');
socket.on('message', (bytes) => {
  const stream = bytes.readUInt32BE(8);
  if (stream >= leastMs.length) return;
  pipeline.receive(stream, bytes.subarray(headerBytes));
  packets++;
  const behindMs = performance.now() - bytes.readUInt32BE(4) / ticksPerMs;
  leastMs[stream] = Math.min(leastMs[stream]!, behindMs);
  if (packets % sampleOneIn === 0) lagsMs.push(behindMs - leastMs[stream]!);
});

process.on('message', async (order: BaselineOrder | string) => {
  if (typeof order === 'string') return; // the probe's
  while (leastMs.length < order.streams) {
    await pipeline.addStream();
    leastMs.push(Number.POSITIVE_INFINITY);
  }
  while (leastMs.length > order.streams) {
    pipeline.removeStream();
    leastMs.pop();
  }
  const report: BaselineReport = { port: socket.address().port, packets, steps, lagsMs };
  lagsMs = [];
  process.send?.(report);
});
