import type { ListeningReport } from '../evaluation/listening-report.ts';
import type { ScoreReport } from '../evaluation/score-report.ts';
import { confusionTable } from './confusion-table.ts';
import { formatEstimate, formatShare } from './format-score.ts';
import { type Html, html } from './html.ts';
import { reliabilityDiagram } from './reliability-diagram.ts';
import { table } from './table.ts';

/** Everything that judged clips say: scores, classes, confusions, calibration, and parts of the data. */
export function scoreSection(report: ScoreReport): Html {
  return html`<div class="row">
${table(
  'Scores with 95 % bootstrap intervals',
  ['score', 'value (interval)'],
  [
    ['UAR', formatEstimate(report.uar)],
    ['accuracy', formatEstimate(report.accuracy)],
    ['macro F1', formatEstimate(report.macroF1)],
    ['weighted F1', formatEstimate(report.weightedF1)],
    ['ECE', formatEstimate(report.ece)],
    ['ECE without the temperature', formatEstimate(report.eceUncalibrated)],
    ['clips', countOf(report.n)],
  ],
)}
${table(
  'Classes',
  ['class', 'clips', 'recall', 'precision', 'F1'],
  report.labels.map((label, c) => classRow(report, label, c)),
)}
</div>
<p class="note">Intervals: speakers are drawn, then their clips.</p>
<h3>Confusions and calibration</h3>
<div class="row">
${confusionTable(report.labels, report.confusion)}
<div class="wide">${reliabilityDiagram(report)}</div>
</div>
<h3>Parts of the data</h3>
<div class="row">
${parts('By gender', 'gender', report.perGender)}
${parts('By corpus', 'corpus', report.perCorpus)}
</div>`;
}

/** After some seconds of speech, and through channels; nothing where neither was asked for. */
export function listeningSection({ moments, channels }: ListeningReport): Html | null {
  const rows = [
    ...moments.map((moment) => ({ name: `after ${moment.seconds} s of speech`, ...moment })),
    ...channels.map((channel) => ({ name: channel.channel, ...channel })),
  ];
  if (rows.length === 0) return null;
  return html`<h2>Heard otherwise</h2>
${table(
  'Scores of the same clips, and their ratio to those above',
  ['heard', 'UAR', 'ratio', 'accuracy', 'ratio'],
  rows.map(({ name, uar, accuracy, ratio }) => [
    name,
    formatEstimate(uar),
    formatEstimate(ratio.uar),
    formatEstimate(accuracy),
    formatEstimate(ratio.accuracy),
  ]),
)}`;
}

function classRow(report: ScoreReport, label: string, c: number): (string | number)[] {
  const clips = report.confusion[c].reduce((sum, n) => sum + n, 0);
  const decided = report.confusion.reduce((sum, row) => sum + row[c], 0);
  return [
    label,
    countOf(clips),
    formatShare(report.perClassRecall[label]),
    formatShare(report.perClassPrecision[label]),
    formatShare(clips === 0 ? null : (2 * report.confusion[c][c]) / (clips + decided)),
  ];
}

function parts(caption: string, heading: string, own: ScoreReport['perGender']): Html {
  return table(
    caption,
    [heading, 'speakers', 'clips', 'UAR', 'accuracy', 'ECE'],
    Object.entries(own).map(([name, { speakers, n, uar, accuracy, ece }]) => [
      name,
      speakers,
      countOf(n),
      formatEstimate(uar),
      formatEstimate(accuracy),
      formatEstimate(ece),
    ]),
  );
}

const countOf = (n: number) => (Number.isInteger(n) ? n : n.toFixed(1));
