import { parseArgs } from 'node:util';
import { readCorpus } from '../corpus/read-corpus.ts';
import { type EngineKind, engineKinds } from '../engine/emotion-engine.ts';
import { describe, evaluateModel } from '../evaluation/evaluate-model.ts';
import { loadModel, pretrainedFolder } from '../model/load-model.ts';

const usage = `npm run evaluate -- --model DIR|pretrained --data DIR [--data DIR …] [--json]
  --model DIR          folder of a model; pretrained is the one that ships
  --data DIR           a corpus: a folder with an index.csv (repeatable)
  --protocol pooled    scores the data with these weights, in streaming mode
  --channel clean      the audio as it is
  --speakers NAMES     all, or names separated by commas; by default whoever had no part in the training
  --seconds N          only the first N seconds of speech of each clip
  --engine NAME        ${engineKinds.join(' or ')}
  --json               one JSON object instead of text`;

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: 'string' },
      data: { type: 'string', multiple: true },
      protocol: { type: 'string', default: 'pooled' },
      channel: { type: 'string', default: 'clean' },
      speakers: { type: 'string', default: 'unseen' },
      seconds: { type: 'string' },
      engine: { type: 'string', default: 'onnx' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help || !values.model || !values.data) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  if (values.protocol !== 'pooled')
    throw new Error(`protocol ${values.protocol} is not available; use pooled`);
  if (values.channel !== 'clean') throw new Error(`channel ${values.channel} is not available; use clean`);
  if (!engineKinds.includes(values.engine as EngineKind))
    throw new Error(`there is no engine ${values.engine}`);
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds > 0)) throw new Error('--seconds wants a number above 0');
  const { speakers } = values;
  const model = await loadModel(values.model === 'pretrained' ? pretrainedFolder : values.model);
  const report = await evaluateModel(model, await Promise.all(values.data.map(readCorpus)), {
    engine: values.engine as EngineKind,
    speakers: speakers === 'all' || speakers === 'unseen' ? speakers : speakers.split(','),
    seconds,
  });
  console.log(values.json ? JSON.stringify(report) : describe(report));
}
