import { type Estimate, type EstimatedScores, estimateScores } from './bootstrap.ts';
import { eceFloor } from './ece-floor.ts';
import type { JudgedClip } from './judged-clip.ts';
import { type ReliabilityBin, reliabilityBins } from './reliability.ts';
import { scoresOf } from './scores.ts';

/** Scores of one part of the clips. */
type PartReport = EstimatedScores & { n: number; speakers: number; eceFloor: number };

/** What was read of a corpus. */
interface CorpusReport extends PartReport {
  hours: number;
  /** By label, the classes that it has. */
  classes: Record<string, { clips: number; speakers: number; hours: number }>;
}

/** Everything that judged clips say of a model. */
export interface ScoreReport extends EstimatedScores {
  /** Clips scored. */
  n: number;
  labels: readonly string[];
  /** What the ECE of a perfectly calibrated model would be on so few clips. */
  eceFloor: number;
  /** By label; null for a class that the data does not have. */
  perClassRecall: Record<string, number | null>;
  /** By label; null for a class that was never decided. */
  perClassPrecision: Record<string, number | null>;
  /** [true label][decided label], the last column without an answer; mean over the seeds. */
  confusion: number[][];
  /** The calibration error without the temperature. */
  eceUncalibrated: Estimate;
  reliability: ReliabilityBin[];
  /** The same without the temperature. */
  reliabilityUncalibrated: ReliabilityBin[];
  perGender: Record<string, PartReport>;
  perCorpus: Record<string, CorpusReport>;
}

/**
 * @param judged every clip as often as there are seeds
 * @param uncalibrated the same without the temperature
 */
export function reportScores(
  judged: readonly JudgedClip[],
  uncalibrated: readonly JudgedClip[],
  labels: readonly string[],
  seeds: number,
): ScoreReport {
  const scores = scoresOf(judged, labels.length);
  const byLabel = (values: (number | null)[]) =>
    Object.fromEntries(labels.map((label, c) => [label, values[c]]));
  const partsBy = (key: 'gender' | 'dataset') => [...Map.groupBy(judged, (clip) => clip[key])];
  const part = (own: readonly JudgedClip[]): PartReport => ({
    n: own.length / seeds,
    speakers: speakerCount(own),
    ...estimateScores(own, labels.length),
    eceFloor: eceFloor(own),
  });
  return {
    n: judged.length / seeds,
    labels,
    ...estimateScores(judged, labels.length),
    eceFloor: eceFloor(judged),
    perClassRecall: byLabel(scores.recall),
    perClassPrecision: byLabel(scores.precision),
    confusion: scores.confusion.map((row) => row.map((count) => count / seeds)),
    eceUncalibrated: estimateScores(uncalibrated, labels.length).ece,
    reliability: reliabilityBins(judged),
    reliabilityUncalibrated: reliabilityBins(uncalibrated),
    perGender: Object.fromEntries(partsBy('gender').map(([gender, own]) => [gender, part(own)])),
    perCorpus: Object.fromEntries(
      partsBy('dataset').map(([dataset, own]) => [
        dataset,
        {
          ...part(own),
          hours: hours(own, seeds),
          classes: Object.fromEntries(
            labels.flatMap((label, c) => {
              const ofClass = own.filter((clip) => clip.label === c);
              if (ofClass.length === 0) return [];
              const clips = ofClass.length / seeds;
              return [[label, { clips, speakers: speakerCount(ofClass), hours: hours(ofClass, seeds) }]];
            }),
          ),
        },
      ]),
    ),
  };
}

const speakerCount = (clips: readonly JudgedClip[]) => new Set(clips.map(({ speaker }) => speaker)).size;

const hours = (clips: readonly JudgedClip[], seeds: number) =>
  Number((clips.reduce((sum, { seconds }) => sum + seconds, 0) / seeds / 3_600).toFixed(4));
