import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCorpus } from '../corpus/read-corpus.ts';
import { writeModel } from '../export/write-model.ts';
import { isStreaming } from '../model/manifest.ts';
import { type TrainingReport, trainingReportPage } from '../report/training-report.ts';
import { writeReport } from '../report/write-report.ts';
import { removeCheckpoint } from '../training/checkpoint.ts';
import { trainModel } from '../training/train-model.ts';
import { type TrainingConfig, trainingConfigSchema } from '../training/training-config.ts';
import { trainingConfigs } from '../training/training-configs.ts';
import type { EpochReport } from '../training/training-state.ts';
import { ProgressLine } from './progress-line.ts';
import { readTeacher } from './read-teacher.ts';
import { timeLeft } from './time-left.ts';
import { usualDistillation } from './trainer-choice.ts';

const usage = `npm run train -- --config NAME --data DIR [--data DIR …] --out DIR
  --config NAME        one of: ${trainingConfigs.map(({ name }) => name).join(', ')}
  --data DIR           a corpus: a folder with an index.csv (repeatable)
  --out DIR            where the model goes: manifest.json, weights.bin, model.onnx, golden.json,
                       report.json and report.html
  --set PATH=VALUE     change a setting of the configuration, e.g. --set dropout=0.4 --set architecture.headUnits=32
  --validation NAMES   held-out speakers that choose the epoch, separated by commas
  --test NAMES         held-out speakers that are only measured at the end
  --teacher DIR        a trained model, or predictions that npm run evaluate -- --predictions has kept (parts of one
                       cross-validation separated by commas), to learn from beside the labels: the mean of all that are
                       named (repeatable); how much and how soft: --set 'distillation={"weight":0.5,"temperature":1}'
  --cache DIR          decoded features (default .undertone/cache/features)
  --resume             go on from the state in OUT/checkpoint, with the arguments of the run that left it there
  --checkpoint-epochs N  how often that state is written (default 5); also after Ctrl-C or SIGTERM`;

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      data: { type: 'string', multiple: true },
      out: { type: 'string' },
      set: { type: 'string', multiple: true },
      validation: { type: 'string' },
      test: { type: 'string' },
      teacher: { type: 'string', multiple: true },
      cache: { type: 'string', default: '.undertone/cache/features' },
      resume: { type: 'boolean', default: false },
      'checkpoint-epochs': { type: 'string', default: '5' },
      help: { type: 'boolean' },
    },
  });
  if (values.help || !values.config || !values.data || !values.out) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const config = configured(values.config, values.set ?? []);
  if (values.validation !== undefined) config.speakers.validation = names(values.validation);
  if (values.test !== undefined) config.speakers.test = names(values.test);
  if (values.teacher !== undefined) config.distillation ??= usualDistillation;
  const teacher = values.teacher === undefined ? null : await readTeacher(values.teacher);
  const corpora = await Promise.all(values.data.map((folder) => readCorpus(folder)));

  const checkpointEpochs = Number(values['checkpoint-epochs']);
  if (!(Number.isInteger(checkpointEpochs) && checkpointEpochs > 0)) {
    throw new Error('--checkpoint-epochs wants a whole number above 0');
  }
  const line = new ProgressLine(process.stdout);
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // A second signal ends the process at once.
    process.once(signal, () => {
      interrupted = true;
      line.print(
        'stopping after this epoch; its best one so far will be written, and --resume can go on from here',
      );
    });
  }
  const startedMs = performance.now();
  const epochSeconds: number[] = [];
  const checkpointFolder = join(values.out, 'checkpoint');
  const run = await trainModel(
    config,
    corpora,
    values.cache,
    {
      reading: (done, total, what) => {
        line.show(`reading ${what}: ${done} of ${total}`);
        if (done === total || (!line.redraws && done % 500 === 0))
          line.print(`read ${done} of ${total} ${what}`);
      },
      batch: (done, total) => line.show(`epoch ${epochSeconds.length + 1}: batch ${done} of ${total}`),
      epoch: (report, epochs) => {
        epochSeconds.push(report.seconds);
        line.print(describeEpoch(report, epochs, epochSeconds));
        return interrupted ? 'stop' : 'go on';
      },
    },
    { folder: checkpointFolder, everyEpochs: checkpointEpochs, resume: values.resume },
    teacher,
  );
  for (const { file, reason } of run.skipped) line.print(`skipped ${file}: ${reason}`);
  await writeModel(values.out, run.files);
  const minutes = (performance.now() - startedMs) / 60_000;
  const { files: _files, ...rest } = run;
  const report: TrainingReport = { ...rest, minutes };
  await writeReport(values.out, report, trainingReportPage(report));
  if (!interrupted) await removeCheckpoint(checkpointFolder);
  const { measured, parameters, temperature } = run.manifest;
  console.log(
    `kept epoch ${run.bestEpoch}; ${parameters} parameters; temperature ${temperature.toFixed(2)}; ${minutes.toFixed(1)} min`,
  );
  if (measured !== null) {
    const { value, low, high } = measured.uar;
    console.log(
      `test speakers, ${isStreaming(run.manifest) ? 'streaming' : 'offline'}: UAR ${value.toFixed(3)} (95 % ${low.toFixed(3)}–${high.toFixed(3)}), accuracy ${measured.accuracy.value.toFixed(3)}, ECE ${measured.ece.value.toFixed(3)}, ${measured.clips} clips`,
    );
  }
}

function describeEpoch(report: EpochReport, epochs: number, epochSeconds: readonly number[]): string {
  const { epoch, trainingLoss, validationLoss, validationUar, corpusUar, seconds } = report;
  const corpora = Object.entries(corpusUar)
    .map(([dataset, uar]) => `${dataset} ${uar.toFixed(3)}`)
    .join(', ');
  return `epoch ${epoch}/${epochs}  loss ${trainingLoss.toFixed(3)}  validation loss ${validationLoss.toFixed(3)} UAR ${validationUar.toFixed(3)} (${corpora})  ${seconds.toFixed(1)} s, at most ${timeLeft(epochSeconds, epochs - epoch)} left`;
}

function names(list: string): string[] {
  return list.split(',').filter((name) => name !== '');
}

/** The named configuration with `PATH=VALUE` settings applied; values are JSON. */
function configured(name: string, settings: string[]): TrainingConfig {
  const known = trainingConfigs.find((config) => config.name === name);
  if (known === undefined) throw new Error(`there is no configuration ${name}\n${usage}`);
  const config = structuredClone(known) as Record<string, unknown>;
  for (const setting of settings) {
    const [path, value] = setting.split('=', 2);
    const keys = path.split('.');
    const last = keys.pop()!;
    let target = config;
    for (const key of keys) target = target[key] as Record<string, unknown>;
    if (target?.[last] === undefined) throw new Error(`the configuration has no setting ${path}`);
    target[last] = JSON.parse(value);
  }
  return trainingConfigSchema.parse(config);
}
