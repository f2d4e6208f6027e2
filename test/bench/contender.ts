import type { SendReport, SpeechTarget } from './speech-sender.ts';

/** How a contender fared for some seconds with some streams. */
export interface Verdict {
  streams: number;
  /** Why it did not keep up; null if it did. */
  failure: string | null;
  /** Whether what went wrong is not its doing: packets were sent too late or lost before they reached it, or others took its core. */
  spoiled: boolean;
  /** CPU time for each stream and second. */
  microsPerStreamSecond: number;
  /** Share of a core that was used. */
  load: number;
  /** Share of the steps of 40 ms that the model judged; the others were taken for silence. */
  judgedShare: number;
  /** From arrival to result: median at the end of the time. */
  lagMs: number;
}

/** What can be given streams, in processes of its own that share one core. */
export interface Contender {
  readonly name: string;
  /** Prepares for so many streams and says where their RTP goes. */
  resize(streams: number): Promise<SpeechTarget[]>;
  /** Reads the counters. */
  read(): Promise<Progress>;
  close(): Promise<void>;
}

/** Counts since the start of a contender. */
export interface Progress {
  cpuMs: number;
  /** Packets that the kernel dropped because they were read too slowly, and all that are known to be lost. */
  missed: number;
  lost: number;
  /** Steps of 40 ms whose samples reached the model or were found silent, those judged, and those given up. */
  steps: number;
  judged: number;
  dropped: number;
  /** What waits just now, in steps. */
  waiting: number;
  /** Lags sampled since the last reading. */
  lagsMs: number[];
}

const packetsPerSecond = 50;
const stepsPerSecond = 25;
const missedShareAllowed = 0.0005;
/** More than this is not lost or late by chance. */
const spoiledShare = 0.01;
/** Who fails with so much of the core left did not get it. */
const contestedLoad = 0.85;
/** Steps are counted when they are done: a few of each stream are under way at both ends of the time. */
const doneShareNeeded = 0.99;
const stepsUnderWay = 4;
const lagAllowedMs = 1_000;
const lagGrowthAllowedMs = 100;

export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Judges what happened between two readings: with no backlog, everything that was sent is done, and not later than before. */
export function judge(
  streams: number,
  before: Progress,
  after: Progress,
  sent: SendReport,
  elapsedMs: number,
): Verdict {
  const streamSeconds = (streams * elapsedMs) / 1_000;
  const expectedPackets = sent.sent;
  const steps = after.steps - before.steps;
  const missed = after.missed - before.missed;
  const cpuMs = after.cpuMs - before.cpuMs;
  const load = cpuMs / elapsedMs;
  const spoiled =
    expectedPackets < (1 - spoiledShare) * packetsPerSecond * streamSeconds ||
    after.lost - before.lost - missed > spoiledShare * expectedPackets ||
    load < contestedLoad;
  const quarter = Math.ceil(after.lagsMs.length / 4);
  const lagMs = median(after.lagsMs.slice(-quarter));
  const grewMs = lagMs - median(after.lagsMs.slice(0, quarter));
  let failure: string | null = null;
  if (missed > missedShareAllowed * expectedPackets)
    failure = `${missed} of ${expectedPackets} packets missed`;
  else if (after.dropped > before.dropped) failure = `${after.dropped - before.dropped} steps dropped`;
  else if (steps < doneShareNeeded * stepsPerSecond * streamSeconds - stepsUnderWay * streams)
    failure = `${steps} of ${Math.round(stepsPerSecond * streamSeconds)} steps done`;
  else if (after.waiting > streams) failure = `${after.waiting} steps waiting`;
  else if (lagMs > lagAllowedMs || grewMs > lagGrowthAllowedMs)
    failure = `late by ${Math.round(lagMs)} ms, ${Math.round(grewMs)} more than at first`;
  return {
    streams,
    failure,
    spoiled: spoiled && failure !== null,
    microsPerStreamSecond: (1_000 * cpuMs) / streamSeconds,
    load,
    judgedShare: (after.judged - before.judged) / (stepsPerSecond * streamSeconds),
    lagMs,
  };
}
