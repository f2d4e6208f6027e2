import { describe, expect, it } from 'vitest';
import type { EvaluationReport } from '../evaluation/evaluate-model.ts';
import type { JudgedClip } from '../evaluation/judged-clip.ts';
import { reportScores } from '../evaluation/score-report.ts';
import { evaluationReportPage } from './evaluation-report-page.ts';

const labels = ['happy', 'sad', 'calm'];
const judged = Array.from({ length: 12 }, (_, i): JudgedClip => {
  const label = i % 2;
  const decided = i < 9 ? label : 1 - label;
  return {
    file: `${i}.wav`,
    speaker: `s${i % 3}`,
    dataset: 'own',
    gender: 'female',
    seconds: 2,
    label,
    probabilities: i === 11 ? null : Float32Array.from(labels, (_, c) => (c === decided ? 0.8 : 0.1)),
  };
});
const report: EvaluationReport = {
  model: 'a <b>model</b>',
  protocol: 'pooled',
  mode: 'streaming',
  engine: 'onnx-cpu',
  precision: 'float32',
  channel: 'clean',
  ...reportScores(judged, judged, labels, 1),
  moments: [],
  channels: [],
  speakers: { scored: ['s0', 's1', 's2'], inTraining: [], inValidation: [], leftOut: ['s9'] },
  seconds: null,
  session: 'clip',
  skipped: [
    { file: '/a/x.wav', reason: 'broken' },
    { file: '/a/y.wav', reason: 'broken' },
  ],
};
const page = evaluationReportPage(report);
/** The text of a table's row, cell by cell. */
const row = (heading: string) =>
  [...page.matchAll(/<tr>(.*?)<\/tr>/g)]
    .map(([, cells]) => [...cells.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, text]) => text))
    .filter(([first]) => first === heading);

describe('the page of a report', () => {
  it('needs nothing but itself, and shows names as they are', () => {
    expect(page).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import/);
    expect(page).toContain('<h1>Evaluation of a &#60;b&#62;model&#60;/b&#62;</h1>');
  });

  it('gives each class its clips, recall, precision and F1, and a dash where there is none', () => {
    // Of six happy clips one was called sad and of six sad ones one happy, one had no answer.
    expect(row('happy')[0]).toEqual(['happy', '6', '0.833', '0.833', '0.833']);
    expect(row('sad')[0]).toEqual(['sad', '6', '0.667', '0.800', '0.727']);
    expect(row('calm')[0]).toEqual(['calm', '0', '–', '–', '–']);
  });

  it('has a row of confusions for the classes that there are, with a column for no answer', () => {
    expect(row('sad')[1]).toEqual([
      'sad',
      '1<small>17 %</small>',
      '4<small>67 %</small>',
      '0',
      '1<small>17 %</small>',
    ]);
    expect(row('calm')).toHaveLength(1);
    expect(page).toContain('<th scope="col">no answer</th>');
  });

  it('lists what was left out, by reason', () => {
    expect(page).toContain('<summary>2 × broken</summary>');
    expect(page).toContain('<li>/a/x.wav</li><li>/a/y.wav</li>');
  });

  it('draws the reliability of both', () => {
    expect(page.match(/aria-label="Reliability"/g)).toHaveLength(1);
    expect(page).toContain('without the temperature: ECE');
  });
});
