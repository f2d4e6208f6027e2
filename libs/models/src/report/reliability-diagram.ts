import type { ReliabilityBin } from '../evaluation/reliability.ts';
import type { ScoreReport } from '../evaluation/score-report.ts';
import { formatEstimate, formatShare } from './format-score.ts';
import { type Html, html } from './html.ts';
import { linePlot } from './line-plot.ts';
import { table } from './table.ts';

/** Is the winning class as often right as its probability says? Before and after the temperature. */
export function reliabilityDiagram(
  report: Pick<ScoreReport, 'reliability' | 'reliabilityUncalibrated' | 'ece' | 'eceUncalibrated'>,
): Html {
  const share = (label: string) => ({ label, low: 0, high: 1 });
  const points = (bins: readonly ReliabilityBin[]) =>
    bins.map(({ confidence, accuracy }) => [confidence, accuracy] as const);
  const rows = (when: string, bins: readonly ReliabilityBin[]) =>
    bins.map(({ clips, confidence, accuracy }) => [
      when,
      formatShare(confidence),
      formatShare(accuracy),
      clips,
    ]);
  return html`${linePlot(
    'Reliability',
    share('mean winning probability'),
    share('share of the clips found'),
    [
      { name: `calibrated: ECE ${formatEstimate(report.ece)}`, points: points(report.reliability) },
      {
        name: `without the temperature: ECE ${formatEstimate(report.eceUncalibrated)}`,
        points: points(report.reliabilityUncalibrated),
      },
      {
        name: 'right as often as it says',
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
  )}
<details><summary>The diagram as numbers</summary>
${table(
  'Bins of the winning probability',
  ['when', 'probability', 'found', 'clips'],
  [...rows('calibrated', report.reliability), ...rows('uncalibrated', report.reliabilityUncalibrated)],
)}</details>`;
}
