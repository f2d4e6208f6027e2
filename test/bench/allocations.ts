/**
 * What does the hot path allocate, once it runs? Bytes on V8's heap and bytes of buffers, for each frame of 40 ms, of everything from
 * RTP to points but for sockets (`MediaLine`), and which functions they come from. No garbage is collected while it is counted: the young
 * generation is made large enough, and a collection fails the benchmark.
 *
 *   npm run bench -- allocations [--speakers 50] [--seconds 4] [--rounds 5] [--json]
 */
import { Session } from 'node:inspector/promises';
import { parseArgs } from 'node:util';
import { MediaLine, packetMs } from './media-line.ts';
import { summary, summaryText } from './rounds.ts';

const { values } = parseArgs({
  options: {
    speakers: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const warmUpSeconds = 20;
const framesPerSecond = 25;
const samplingBytes = 256;
const shown = 12;

const { gc } = globalThis;
if (gc === undefined)
  throw new Error('run it with `npm run bench -- allocations`, which gives Node its flags');
const speakers = Number(values.speakers);
const seconds = Number(values.seconds);
const frames = speakers * seconds * framesPerSecond;

const line = await MediaLine.create(speakers);
line.prepare((1_000 * warmUpSeconds) / packetMs);
await line.run();

let collections = 0;
let startedMs = 0;
new PerformanceObserver((list) => {
  // Those that were asked for are reported late.
  collections += list.getEntries().filter(({ startTime }) => startTime > startedMs).length;
}).observe({ entryTypes: ['gc'] });
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

const heap: number[] = [];
const buffers: number[] = [];
for (let round = 0; round < Number(values.rounds); round++) {
  line.prepare((1_000 * seconds) / packetMs);
  gc();
  // Buffers are freed by threads of their own.
  await settled();
  collections = 0;
  startedMs = performance.now();
  const before = process.memoryUsage();
  await line.run();
  const after = process.memoryUsage();
  await settled();
  if (collections > 0) throw new Error('garbage was collected meanwhile: measure fewer speakers or seconds');
  heap.push((after.heapUsed - before.heapUsed) / frames);
  buffers.push((after.arrayBuffers - before.arrayBuffers) / frames);
}

interface ProfileNode {
  callFrame: { functionName: string; url: string };
  selfSize: number;
  children: ProfileNode[];
}
const session = new Session();
session.connect();
await session.post('HeapProfiler.enable');
line.prepare((1_000 * seconds) / packetMs);
gc();
await session.post('HeapProfiler.startSampling', {
  samplingInterval: samplingBytes,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
});
await line.run();
const { profile } = (await session.post('HeapProfiler.stopSampling')) as { profile: { head: ProfileNode } };
session.disconnect();
await line.close();

const byFunction = new Map<string, number>();
/** What V8 brings itself is told by who called it. */
function add({ callFrame, selfSize, children }: ProfileNode, caller: string): void {
  const file = callFrame.url.split('/').slice(-2).join('/');
  const own = `${callFrame.functionName || '(anonymous)'} ${file}`.trim();
  const name = file === '' && caller !== '' ? `${own} < ${caller}` : own;
  byFunction.set(name, (byFunction.get(name) ?? 0) + selfSize / frames);
  for (const child of children) add(child, file === '' ? caller : own);
}
add(profile.head, '');
const largest = [...byFunction].sort((a, b) => b[1] - a[1]).slice(0, shown);

const heapBytes = summary(heap);
const bufferBytes = summary(buffers);
if (values.json) {
  console.log(
    JSON.stringify(
      {
        heapBytesPerFrame: heapBytes,
        bufferBytesPerFrame: bufferBytes,
        byFunction: Object.fromEntries(largest),
      },
      null,
      2,
    ),
  );
} else {
  console.log(
    `${speakers} speakers, ${values.rounds} rounds of ${seconds} s: bytes for each frame of 40 ms, median (range)`,
  );
  console.log(`  on the heap  ${summaryText(heapBytes)}`);
  console.log(`  of buffers   ${summaryText(bufferBytes)}`);
  console.log('  sampled, by the function that allocates:');
  for (const [name, bytes] of largest) console.log(`    ${bytes.toFixed(1).padStart(8)}  ${name}`);
}
