import type { CrossValidationReport } from '../evaluation/cross-validation-report.ts';
import type { EvaluationReport } from '../evaluation/evaluate-model.ts';
import { formatEstimate, formatShare } from './format-score.ts';
import { type Html, html } from './html.ts';
import { reportPage } from './report-page.ts';
import { listeningSection, scoreSection } from './score-section.ts';
import { skippedSection } from './skipped-section.ts';
import { table } from './table.ts';

/** The report of `npm run evaluate` for people. */
export function evaluationReportPage(report: EvaluationReport | CrossValidationReport): string {
  return reportPage(
    `Evaluation of ${report.model}`,
    [
      ['protocol', report.protocol],
      ['UAR', formatEstimate(report.uar)],
      ['channel', report.channel],
      ['heard', report.seconds === null ? 'whole clips' : `the first ${report.seconds} s of speech`],
      ...(report.protocol === 'pooled'
        ? ([
            ['mode', report.mode],
            ['engine', report.engine],
            ['precision', report.precision],
          ] as const)
        : ([['seeds', report.seeds.join(', ')]] as const)),
    ],
    html`
<h2>Scores</h2>
${scoreSection(report)}
${listeningSection(report)}
${report.protocol === 'pooled' ? speakers(report) : folds(report)}
<h2>Data</h2>
${skippedSection(report.skipped)}`,
  );
}

function speakers({ speakers: own }: EvaluationReport): Html {
  const row = (what: string, names: readonly string[]) => [what, names.length, names.join(', ') || '–'];
  return html`<h2>Speakers</h2>
${table(
  'Whose clips were scored',
  ['which', 'speakers', 'names'],
  [
    row('scored', own.scored),
    row('of these, in training', own.inTraining),
    row('of these, in validation', own.inValidation),
    row('left out', own.leftOut),
  ],
)}`;
}

function folds({ folds: own, foldCount, overFolds, overSeeds }: CrossValidationReport): Html {
  return html`<h2>Folds</h2>
<p>UAR within the folds ${formatShare(overFolds.mean)} ± ${formatShare(overFolds.deviation)}, over the seeds
${formatShare(overSeeds.mean)} ± ${formatShare(overSeeds.deviation)}; the protocol has ${foldCount} folds.</p>
${table(
  'Each fold and seed',
  ['fold', 'seed', 'clips', 'UAR', 'accuracy', 'test speakers'],
  own.map(({ fold, seed, n, uar, accuracy, test }) => [
    fold,
    seed,
    n,
    formatShare(uar),
    formatShare(accuracy),
    test.join(', '),
  ]),
)}`;
}
