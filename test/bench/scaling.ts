/**
 * Does a speaker cost more the more there are? CPU time of everything from RTP to points but for sockets (`MediaLine`), for each
 * speaker and second of speech, for 10 to 1,000 speakers; and by which power of their number the cost of all grows: 1 where each costs
 * the same. The numbers take turns, the order turned around every round. Also says where the time goes.
 *
 *   npm run bench -- scaling [--speakers=10,32,100,316,1000] [--rounds 5] [--json]
 */
import { parseArgs } from 'node:util';
import { MediaLine, packetMs, stages } from './media-line.ts';
import { summary, summaryText } from './rounds.ts';

const { values } = parseArgs({
  options: {
    speakers: { type: 'string', default: '10,32,100,316,1000' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
/** Work of one turn: the same for every number of speakers, and never less than a few seconds of speech, a point every 200 ms. */
const speakerSecondsPerTurn = 400;
const leastSeconds = 1;
const warmUpSeconds = 2;

const sizes = values.speakers.split(',').map(Number);
const lines = new Map<number, MediaLine>();
for (const size of sizes) {
  const line = await MediaLine.create(size);
  line.prepare((1_000 * warmUpSeconds) / packetMs);
  await line.run();
  lines.set(size, line);
}

const costs = new Map<number, number[]>(sizes.map((size) => [size, []]));
const stageCosts = new Map<number, Record<string, number>>();
for (let round = -1; round < Number(values.rounds); round++) {
  for (const size of round % 2 === 0 ? sizes : sizes.toReversed()) {
    const line = lines.get(size)!;
    const seconds = Math.max(leastSeconds, Math.round(speakerSecondsPerTurn / size));
    line.prepare((1_000 * seconds) / packetMs);
    for (const stage of stages) line.stageMs[stage] = 0;
    const before = process.cpuUsage();
    await line.run();
    const { user, system } = process.cpuUsage(before);
    if (round < 0) continue;
    costs.get(size)!.push((user + system) / (size * seconds));
    stageCosts.set(
      size,
      Object.fromEntries(stages.map((stage) => [stage, (1_000 * line.stageMs[stage]) / (size * seconds)])),
    );
  }
}
for (const line of lines.values()) await line.close();

/** Slope of the least squares through the logarithms of numbers and their total cost, within one round. */
const exponent = (round: number): number => {
  const xs = sizes.map(Math.log);
  const ys = sizes.map((size) => Math.log(size * costs.get(size)![round]!));
  const mean = (numbers: number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const [meanX, meanY] = [mean(xs), mean(ys)];
  const shared = xs.reduce((sum, x, i) => sum + (x - meanX) * (ys[i]! - meanY), 0);
  return shared / xs.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
};
const exponents = summary(Array.from({ length: Number(values.rounds) }, (_, round) => exponent(round)));
const perSpeaker = Object.fromEntries(sizes.map((size) => [size, summary(costs.get(size)!)]));

if (values.json) {
  console.log(
    JSON.stringify(
      {
        exponent: exponents.median,
        spread: exponents,
        microsPerSpeakerSecond: perSpeaker,
        stages: Object.fromEntries(stageCosts),
      },
      null,
      2,
    ),
  );
} else {
  console.log('CPU time, µs for each speaker and second: median (range); of the last round, by stage');
  for (const size of sizes) {
    const parts = stages.map((stage) => `${stage} ${stageCosts.get(size)![stage]!.toFixed(0)}`).join(', ');
    console.log(
      `  ${String(size).padStart(5)} speakers  ${summaryText(perSpeaker[size]!).padEnd(28)}${parts}`,
    );
  }
  console.log(`  exponent ${summaryText(exponents)}`);
}
