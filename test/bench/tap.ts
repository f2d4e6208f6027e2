/**
 * What does the tap cost the host that installs it? This process is the host: calls of four whose RTP comes from a process
 * of its own; the bridge is a third process. With the tap feeding everyone and with no call tapped, in turn. Prints CPU of
 * this process and of its worker per speaker, and the event loop's delay.
 *
 *   npm run bench -- tap [--speakers 100] [--seconds 5] [--rounds 7] [--json]
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { createWorker, type types } from 'mediasoup';
import { Tap } from '../../libs/tap/src/index.ts';
import { type Summary, summary, summaryText } from './rounds.ts';

const { values } = parseArgs({
  options: {
    speakers: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '7' },
    json: { type: 'boolean', default: false },
  },
});
const speakerCount = Number(values.speakers);
const speakersPerCall = 4;
const payloadType = 100;

const ways = ['without', 'with'] as const;
type Way = (typeof ways)[number];

interface Round {
  /** CPU of this process, µs for each speaker and second. */
  nodeMicrosPerSpeakerSecond: number;
  workerMicrosPerSpeakerSecond: number;
  loopDelayP50Ms: number;
  loopDelayP99Ms: number;
}

interface HostedCall {
  id: string;
  router: types.Router;
  producers: types.Producer[];
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const token = randomUUID();
const bridge = fork(new URL('./tap-bridge.ts', import.meta.url), {
  env: { ...process.env, TAP_TOKEN: token },
});
const [{ url }] = (await once(bridge, 'message')) as [{ url: string }];

const worker = await createWorker({ logLevel: 'error' });
const calls: HostedCall[] = [];
const ports: number[] = [];
const ssrcs: number[] = [];
for (let i = 0; i < speakerCount; i++) {
  if (i % speakersPerCall === 0) {
    const codec = { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 } as const;
    const router = await worker.createRouter({
      mediaCodecs: [{ ...codec, preferredPayloadType: payloadType }],
    });
    calls.push({ id: `call-${calls.length}`, router, producers: [] });
  }
  const { router, producers } = calls.at(-1)!;
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
const sender = fork(new URL('./transport-sender.ts', import.meta.url));
sender.send({ ports, ssrcs, payloadType, packetsPerSecond: 50, payloadBytes: 80 });
const tap = new Tap({ url: `${url.replace('http', 'ws')}/tap`, token });

async function feedEveryone(): Promise<void> {
  const speakers = calls.flatMap(({ id, router, producers }) => {
    const call = tap.addCall({ id, router });
    return producers.map((producer, n) =>
      call.addSpeaker({
        id: `speaker-${n}`,
        name: 'Someone',
        role: 'customer',
        consent: 'granted',
        producer,
      }),
    );
  });
  while (!speakers.every(({ feeding }) => feeding)) await sleep(20);
}

async function measure(way: Way): Promise<Round> {
  if (way === 'with') await feedEveryone();
  await sleep(500);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const workerBefore = await worker.getResourceUsage();
  delay.enable();
  const before = process.cpuUsage();
  const startMs = performance.now();
  await sleep(Number(values.seconds) * 1_000);
  const cpu = process.cpuUsage(before);
  const speakerSeconds = (speakerCount * (performance.now() - startMs)) / 1_000;
  delay.disable();
  const workerAfter = await worker.getResourceUsage();
  const workerMs =
    workerAfter.ru_utime + workerAfter.ru_stime - workerBefore.ru_utime - workerBefore.ru_stime;
  for (const call of [...tap.calls]) call.close();
  return {
    nodeMicrosPerSpeakerSecond: (cpu.user + cpu.system) / speakerSeconds,
    workerMicrosPerSpeakerSecond: (1_000 * workerMs) / speakerSeconds,
    loopDelayP50Ms: delay.percentile(50) / 1e6,
    loopDelayP99Ms: delay.percentile(99) / 1e6,
  };
}

const rounds: Record<Way, Round[]> = { without: [], with: [] };
for (let i = -1; i < Number(values.rounds); i++) {
  // The order turns around every round, so that a drifting machine favours neither; the first round warms up.
  for (const way of i % 2 === 0 ? ways : ways.toReversed()) {
    const round = await measure(way);
    if (i >= 0) rounds[way].push(round);
  }
}
await tap.close();
worker.close();
sender.kill();
bridge.disconnect();

const keys = Object.keys(rounds.with[0]!) as (keyof Round)[];
const result = Object.fromEntries(
  keys.map((key) => [
    key,
    {
      without: summary(rounds.without.map((round) => round[key])),
      with: summary(rounds.with.map((round) => round[key])),
      withOverWithout: summary(rounds.with.map((round, i) => round[key] / rounds.without[i]![key])),
      withLessWithout: summary(rounds.with.map((round, i) => round[key] - rounds.without[i]![key])),
    },
  ]),
);
if (values.json) {
  console.log(JSON.stringify(result, null, 2));
} else {
  const cell = (each: Summary) => summaryText(each).padEnd(24);
  console.log(`${speakerCount} speakers, ${values.rounds} rounds of ${values.seconds} s: median (range)`);
  console.log(
    `${''.padEnd(30)}${'without tap'.padEnd(24)}${'with tap'.padEnd(24)}${'with ÷ without'.padEnd(24)}with − without`,
  );
  for (const key of keys) {
    const { without, with: tapped, withOverWithout, withLessWithout } = result[key]!;
    console.log(
      `${key.padEnd(30)}${cell(without)}${cell(tapped)}${cell(withOverWithout)}${summaryText(withLessWithout)}`,
    );
  }
}
