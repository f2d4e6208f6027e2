export interface Summary {
  median: number;
  low: number;
  high: number;
}

const quantile = (numbers: number[], q: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.round(q * (numbers.length - 1))];

export const summary = (numbers: number[]): Summary => ({
  median: quantile(numbers, 0.5),
  low: quantile(numbers, 0),
  high: quantile(numbers, 1),
});

/** `median (low–high)`; nothing against nothing has no ratio. */
export const summaryText = ({ median, low, high }: Summary): string =>
  median === undefined || Number.isNaN(median)
    ? '–'
    : `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;

/** Does the work once and returns how many units of it were done. */
export type Work = () => number | Promise<number>;

export interface Comparison {
  /** CPU time of this process for one unit of work, garbage collection and compilation included. */
  microseconds: Record<string, Summary>;
  /** The first one's time over the second's, within each round. */
  ratio: Summary;
}

const warmUpRounds = 2;
/** Long beside the granularity of the CPU clock, short beside what else the machine does. */
const turnMs = 250;

/** Lets two ways of doing the same take turns, the order turned around every round so that a drifting machine favours neither. */
export async function compare(
  ways: readonly [[string, Work], [string, Work]],
  rounds: number,
): Promise<Comparison> {
  const taken: [number[], number[]] = [[], []];
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const way of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const cost = await microsecondsPerUnit(ways[way][1]);
      if (round >= 0) taken[way].push(cost);
    }
  }
  return {
    microseconds: { [ways[0][0]]: summary(taken[0]), [ways[1][0]]: summary(taken[1]) },
    ratio: summary(taken[0].map((cost, round) => cost / taken[1][round])),
  };
}

async function microsecondsPerUnit(work: Work): Promise<number> {
  const endMs = performance.now() + turnMs;
  const before = process.cpuUsage();
  let units = 0;
  do {
    const done = work();
    units += typeof done === 'number' ? done : await done;
  } while (performance.now() < endMs);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / units;
}

export function printComparison(title: string, comparison: Comparison, json: boolean): void {
  if (json) console.log(JSON.stringify(comparison, null, 2));
  else console.log(`${title}: median (range)\n${comparisonText(comparison)}`);
}

export function printComparisons(
  title: string,
  comparisons: Record<string, Comparison>,
  json: boolean,
): void {
  if (json) console.log(JSON.stringify(comparisons, null, 2));
  else
    console.log([`${title}: median (range)`, ...Object.values(comparisons).map(comparisonText)].join('\n'));
}

function comparisonText({ microseconds, ratio }: Comparison): string {
  const names = Object.keys(microseconds);
  const times = names.map((name) => `  ${name.padEnd(16)}${summaryText(microseconds[name])} µs`);
  return [...times, `  ${names.join(' ÷ ').padEnd(30)}${summaryText(ratio)}`].join('\n');
}
