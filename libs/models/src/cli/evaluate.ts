import { parseArgs } from 'node:util';
import { readCorpus } from '../corpus/read-corpus.ts';
import { type EngineKind, engineKinds } from '../engine/emotion-engine.ts';
import { describeReport } from '../evaluation/describe-report.ts';
import { type EvaluationReport, evaluateModel } from '../evaluation/evaluate-model.ts';
import { crossProtocols } from '../evaluation/folds.ts';
import { sessionNames } from '../evaluation/session.ts';
import { readModel } from '../model/load-model.ts';
import { precisions } from '../model/precision.ts';
import { evaluationReportPage } from '../report/evaluation-report-page.ts';
import { writeReport } from '../report/write-report.ts';
import { combined, crossValidated } from './cross-validation.ts';
import { channelsOf, momentsOf, oneOf, options, secondsOf, usage, type Values } from './evaluate-options.ts';
import { modelFolder } from './model-folder.ts';

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  const { model, baseline, config, ensemble, data, 'ensemble-predictions': members } = values;
  const subjects = [model, baseline, config, ensemble, members].filter((subject) => subject !== undefined);
  if (values.help || subjects.length !== 1 || (data === undefined) === (members === undefined)) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const protocol = oneOf('protocol', values.protocol, ['pooled', ...crossProtocols]);
  const report =
    members !== undefined
      ? await combined(values, members)
      : protocol === 'pooled'
        ? await pooled(values, data!)
        : await crossValidated(values, data!, protocol);
  if (values.report !== undefined) await writeReport(values.report, report, evaluationReportPage(report));
  console.log(values.json ? JSON.stringify(report) : describeReport(report));
}

async function pooled(values: Values, data: readonly string[]): Promise<EvaluationReport> {
  if (!values.model)
    throw new Error(
      'protocol pooled scores weights: give --model, or --protocol grouped-cv, loso or cross-corpus',
    );
  if (values.preprocess !== undefined)
    throw new Error(
      '--preprocess goes with training: weights are scored on recordings as they were trained on. Use it with --baseline or --config and --protocol grouped-cv, loso or cross-corpus',
    );
  const { speakers = 'unseen' } = values;
  const engine: EngineKind = oneOf('engine', values.engine, engineKinds);
  const listening = {
    channels: channelsOf(values),
    seconds: secondsOf(values),
    session: oneOf('session', values.session, sessionNames),
    moments: momentsOf(values),
  };
  const model = await readModel(modelFolder(values.model), oneOf('precision', values.precision, precisions));
  return evaluateModel(model, await Promise.all(data.map((folder) => readCorpus(folder))), {
    ...listening,
    engine,
    speakers: speakers === 'all' || speakers === 'unseen' ? speakers : speakers.split(','),
  });
}
