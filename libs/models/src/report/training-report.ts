import { isStreaming } from '../model/manifest.ts';
import type { TrainingRun } from '../training/train-model.ts';
import { html } from './html.ts';
import { learningCurves } from './learning-curves.ts';
import { reportPage } from './report-page.ts';
import { scoreSection } from './score-section.ts';
import { skippedSection } from './skipped-section.ts';
import { table } from './table.ts';

/** What `npm run train` writes as report.json. */
export interface TrainingReport extends Omit<TrainingRun, 'files'> {
  minutes: number;
}

/** The same for people. */
export function trainingReportPage(report: TrainingReport): string {
  const { manifest, curve, bestEpoch, skipped, test, minutes } = report;
  const { corpora, speakers, config } = manifest.training;
  const people = Object.entries(speakers).map(([part, names]) => [
    part,
    names.length,
    names.join(', ') || '–',
  ]);
  return reportPage(
    `Training of ${manifest.name}`,
    [
      ['finished', `${manifest.createdAt.slice(0, 16).replace('T', ' ')} UTC`],
      ['took', `${minutes.toFixed(1)} min, ${curve.length} epochs`],
      ['kept', `epoch ${bestEpoch}`],
      ['seed', String(manifest.training.seed)],
      ['parameters', manifest.parameters.toLocaleString('en')],
      ['temperature', manifest.temperature.toFixed(3)],
      ['classes', manifest.labels.join(', ')],
      ['weights may be used for', manifest.licence],
      ['SHA-256 of the weights', manifest.files.weights.sha256],
    ],
    html`
<h2>Test speakers</h2>
${
  test === null
    ? html`<p>No speakers were held out for a test.</p>`
    : html`<p>${speakers.test.join(', ')}: neither trained nor validated; ${isStreaming(manifest) ? 'as in a call, chunk by chunk' : 'whole clips'}.</p>${scoreSection(test)}`
}
<h2>Learning curves</h2>
${learningCurves(curve, bestEpoch)}
<h2>Data</h2>
${table(
  'What was read; minutes of speech without silence',
  ['corpus', 'clips', 'minutes', 'licence'],
  corpora.map(({ dataset, clips, seconds, licence }) => [dataset, clips, (seconds / 60).toFixed(1), licence]),
)}
${table('Speakers of each part; nobody is in two', ['part', 'speakers', 'names'], people)}
${skippedSection(skipped)}
<h2>Configuration</h2>
<details><summary>All settings</summary><pre>${JSON.stringify(config, null, 2)}</pre></details>`,
  );
}
