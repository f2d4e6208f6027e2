import type { AnalyzerLinks } from '../link/analyzer-links.ts';
import { TapCounters } from './tap-counters.ts';

/** What links to the analyzer report. */
export type LinkStatus = Pick<
  AnalyzerLinks,
  | 'connected'
  | 'workers'
  | 'connectedWorkers'
  | 'connections'
  | 'faults'
  | 'credits'
  | 'queuedFrames'
  | 'bufferedBytes'
  | 'oldestCaptureMs'
>;

/** How one desk is, in plain values that can be sent to another thread. */
export interface DeskStatus {
  counters: TapCounters;
  link: LinkStatus;
  behindMs: number;
  /** Durations of the ticks since the status before. */
  tickMs: number[];
}

/** The counts of all desks together. */
export function sumCounters(all: readonly TapCounters[]): TapCounters {
  const sum = new TapCounters();
  for (const counters of all) add(sum as unknown as Counts, counters as unknown as Counts);
  return sum;
}

interface Counts {
  [name: string]: number | Counts;
}

function add(sum: Counts, more: Counts): void {
  for (const [name, value] of Object.entries(more)) {
    const before = sum[name];
    if (typeof value !== 'number') add(before as Counts, value);
    else sum[name] = ((before as number | undefined) ?? 0) + value;
  }
}

/** The links of all desks together: connected if all are. */
export function sumLinks(all: readonly LinkStatus[]): LinkStatus {
  const total = (read: (link: LinkStatus) => number) => all.reduce((sum, link) => sum + read(link), 0);
  const oldestMs = all.map((link) => link.oldestCaptureMs).filter((ms) => !Number.isNaN(ms));
  return {
    connected: all.every((link) => link.connected),
    workers: Math.max(1, ...all.map((link) => link.workers)),
    connectedWorkers: all.length === 0 ? 0 : Math.min(...all.map((link) => link.connectedWorkers)),
    connections: total((link) => link.connections),
    faults: total((link) => link.faults),
    credits: total((link) => link.credits),
    queuedFrames: total((link) => link.queuedFrames),
    bufferedBytes: total((link) => link.bufferedBytes),
    oldestCaptureMs: oldestMs.length === 0 ? Number.NaN : Math.min(...oldestMs),
  };
}

/** A copy of what a link reports. */
export function readLink(link: LinkStatus): LinkStatus {
  return sumLinks([link]);
}
