import type { EpochReport } from '../training/training-state.ts';
import { formatShare } from './format-score.ts';
import { type Html, html } from './html.ts';
import { linePlot, type Series } from './line-plot.ts';
import { table } from './table.ts';

/** Loss and average recall over the epochs, as pictures and as numbers. */
export function learningCurves(curve: readonly EpochReport[], bestEpoch: number): Html {
  const datasets = Object.keys(curve[0].corpusUar);
  const series = (name: string, value: (report: EpochReport) => number): Series => ({
    name,
    points: curve.map((report) => [report.epoch, value(report)] as const),
  });
  const losses = [
    series('training', ({ trainingLoss }) => trainingLoss),
    series('validation', ({ validationLoss }) => validationLoss),
  ];
  const values = losses.flatMap(({ points }) => points.map(([, value]) => value));
  const epochs = { label: 'epoch', low: 1, high: Math.max(2, curve.length), whole: true };
  const kept = { at: bestEpoch, name: `epoch ${bestEpoch}, which was kept` };
  return html`<div class="plots">
${linePlot('Loss', epochs, { label: 'loss', ...padded(values) }, losses, kept)}
${linePlot(
  'Unweighted average recall of the validation clips',
  epochs,
  { label: 'UAR', low: 0, high: 1 },
  [
    series('all moments, mean of the corpora', ({ validationUar }) => validationUar),
    ...datasets.map((dataset) => series(`${dataset}, ends of clips`, ({ corpusUar }) => corpusUar[dataset])),
  ],
  kept,
)}
</div>
<details><summary>The curves as numbers</summary>
${table(
  'Each epoch',
  ['epoch', 'training loss', 'validation loss', 'UAR', ...datasets, 'seconds'],
  curve.map((report) => [
    report.epoch,
    formatShare(report.trainingLoss),
    formatShare(report.validationLoss),
    formatShare(report.validationUar),
    ...datasets.map((dataset) => formatShare(report.corpusUar[dataset])),
    report.seconds.toFixed(1),
  ]),
)}
<p>The training loss is that of varied clips with dropped units and smoothed targets; the validation loss is the negative log
likelihood at the best temperature. They are to be compared with themselves, not with each other.</p></details>`;
}

/** A little wider than the values. */
function padded(values: readonly number[]): { low: number; high: number } {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = 0.05 * (high - low) || 0.5;
  return { low: low - margin, high: high + margin };
}
