import type { SkippedClip } from '../corpus/clip.ts';
import type { Estimate } from './bootstrap.ts';
import type { Comparison } from './comparison.ts';
import type { CrossValidationReport } from './cross-validation-report.ts';
import type { EvaluationReport } from './evaluate-model.ts';
import type { ListeningReport } from './listening-report.ts';
import type { ScoreReport } from './score-report.ts';

/** A report for people: one line a score, what was read of each corpus, and every clip that was left out. */
export function describeReport(report: EvaluationReport | CrossValidationReport): string {
  return [
    heading(report),
    line('UAR', report.uar),
    line('accuracy', report.accuracy),
    line('macro F1', report.macroF1),
    line('weighted F1', report.weightedF1),
    `${line('ECE', report.ece)}  ${report.eceFloor.toFixed(3)} if it were perfectly calibrated`,
    line('ECE at T = 1', report.eceUncalibrated),
    ...Object.entries(report.perClassRecall).map(
      ([label, recall]) => `  ${label.padEnd(10)} ${recall === null ? 'not in the data' : recall.toFixed(3)}`,
    ),
    ...listening(report),
    ...corpora(report),
    ...Object.entries(report.perGender).map(([gender, { uar, n }]) => `${line(gender, uar)}  ${n} clips`),
    report.protocol === 'pooled' ? participation(report) : spread(report),
    `clips skipped: ${report.skipped.length}`,
    ...reasons(report.skipped),
  ].join('\n');
}

const line = (name: string, { value, low, high }: Estimate) =>
  `${name.padEnd(12)} ${value.toFixed(3)}  (95 % ${low.toFixed(3)}–${high.toFixed(3)})`;

function heading(report: EvaluationReport | CrossValidationReport): string {
  const how =
    report.protocol === 'pooled'
      ? `${report.mode}, ${report.engine} with ${report.precision} weights`
      : `${report.protocol}, seeds ${report.seeds.join(', ')}`;
  const length = report.seconds === null ? '' : `, first ${report.seconds} s of speech`;
  const session = report.session === 'call' ? ', each speaker’s clips as one call' : '';
  return `${report.model} on ${report.n} clips, ${how}, channel ${report.channel}${length}${session}`;
}

function listening({ moments, channels }: ListeningReport): string[] {
  const row = (name: string, { uar, accuracy, ratio }: Comparison) =>
    `${line(name, uar)}  ${line('ratio', ratio.uar)}; ${line('accuracy', accuracy)}  ${line('ratio', ratio.accuracy)}`;
  return [
    ...moments.map((moment) => row(`${moment.seconds} s: UAR`, moment)),
    ...channels.map((channel) => row(channel.channel, channel)),
  ];
}

function corpora({ perCorpus }: ScoreReport): string[] {
  return Object.entries(perCorpus).flatMap(([dataset, { n, speakers, hours, uar, classes }]) => [
    `${line(dataset, uar)}  ${n} clips of ${speakers} speakers, ${hours.toFixed(2)} h`,
    ...Object.entries(classes).map(
      ([label, own]) =>
        `  ${label.padEnd(10)} ${own.clips} clips of ${own.speakers} speakers, ${own.hours.toFixed(3)} h`,
    ),
  ]);
}

function participation({ speakers }: EvaluationReport): string {
  const { inTraining, inValidation, leftOut } = speakers;
  return `speakers who were in training: ${inTraining.join(', ') || 'none'}; in validation: ${inValidation.join(', ') || 'none'}; left out: ${leftOut.length}`;
}

function spread({ overFolds, overSeeds, folds, foldCount }: CrossValidationReport): string {
  const count = new Set(folds.map(({ fold }) => fold)).size;
  const which = count === foldCount ? `the ${count} folds` : `${count} of ${foldCount} folds`;
  return `UAR within ${which} ${overFolds.mean.toFixed(3)} ± ${overFolds.deviation.toFixed(3)}; over the seeds ${overSeeds.mean.toFixed(3)} ± ${overSeeds.deviation.toFixed(3)}`;
}

/** How many clips were left out for what, and all of them by name. */
function reasons(skipped: readonly SkippedClip[]): string[] {
  return [...Map.groupBy(skipped, ({ reason }) => reason)].flatMap(([reason, clips]) => [
    `  ${clips.length} × ${reason}`,
    ...clips.map(({ file }) => `    ${file}`),
  ]);
}
