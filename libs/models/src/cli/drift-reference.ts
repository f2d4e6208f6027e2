import { parseArgs } from 'node:util';
import { readCorpus } from '../corpus/read-corpus.ts';
import { readSpeech } from '../corpus/read-speech.ts';
import { driftReference } from '../drift/drift-reference.ts';
import { OnnxEngine } from '../engine/onnx-engine.ts';
import { buildModel, writeModel } from '../export/write-model.ts';
import { readStreamingModel } from '../model/load-model.ts';
import { extractFrames } from '../training/extract-frames.ts';
import type { SpeechFrames } from '../training/speech-frames.ts';
import { modelFolder } from './model-folder.ts';

const usage = `npm run drift-reference -- --model DIR|pretrained --data DIR [--data DIR …]
  Notes in a model's manifest what it says of speech, for the analyzer to measure drift against. Training does that by
  itself with the validation speakers; this is for models of before, or to measure against recordings of one's own.
  --model DIR       folder of a model; pretrained is the one that ships
  --data DIR        a corpus: a folder with an index.csv (repeatable)
  --speakers NAMES  all, or names separated by commas (default: those who validated the model)`;

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
      speakers: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help || !values.model || !values.data) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const folder = modelFolder(values.model);
  const model = await readStreamingModel(folder);
  const speakers = values.speakers?.split(',') ?? model.manifest.training.speakers.validation;
  const corpora = await Promise.all(values.data.map((each) => readCorpus(each)));
  const clips = corpora
    .flatMap((corpus) => corpus.clips)
    .filter(({ speaker }) => values.speakers === 'all' || speakers.includes(speaker));
  if (clips.length === 0)
    throw new Error(`the data has no clip of ${speakers.join(', ')}: name others with --speakers`);
  const frames: SpeechFrames[] = [];
  for (const { file } of clips) {
    try {
      const { mfcc, descriptors } = model.featureSpec;
      frames.push(extractFrames(await readSpeech(file), mfcc, descriptors !== undefined));
    } catch (error) {
      console.log(`skipped ${file}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const engine = await OnnxEngine.create(model);
  const reference = await driftReference(model, engine, frames);
  await engine.close();
  if (reference === null) throw new Error('no clip has more than a second of speech');
  await writeModel(folder, buildModel({ ...model.manifest, reference }, model.tensors).files);
  const shares = model.labels.map((label, k) => `${label} ${reference.posterior[k].toFixed(3)}`);
  console.log(`${frames.length} clips, ${reference.moments} steps: ${shares.join(', ')}`);
}
