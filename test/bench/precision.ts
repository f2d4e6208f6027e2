/**
 * What do fewer bits save and cost? The model's float16 and int8 weights beside its float32, in ONNX Runtime: size of the graph,
 * memory of an engine, CPU time of a step for 1, 32 and 256 speakers (ratios within one run), and, on the corpora given, the UAR in
 * streaming mode with its ratio to float32 on the same clips.
 *
 *   npm run bench -- precision [--model=DIR] [--data=DIR …] [--rounds 9] [--json]
 */
import { parseArgs } from 'node:util';
import {
  createEngine,
  type EmotionModel,
  loadModel,
  type Precision,
  pretrainedFolder,
} from '@undertone/models';
import { withLabels } from '../../libs/models/src/corpus/label-choice.ts';
import { readCorpus } from '../../libs/models/src/corpus/read-corpus.ts';
import { estimateScores } from '../../libs/models/src/evaluation/bootstrap.ts';
import { compare as compareScores } from '../../libs/models/src/evaluation/comparison.ts';
import { streamClips } from '../../libs/models/src/evaluation/stream-clips.ts';
import { compressedPrecisions, precisions } from '../../libs/models/src/model/precision.ts';
import { SeededRandom } from '../../libs/models/src/seeded-random.ts';
import { compare, type Work } from './rounds.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: pretrainedFolder },
    data: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '9' },
    json: { type: 'boolean', default: false },
  },
});
const batchSizes = [1, 32, 256];
/** So many that the memory of one stands out from the process's own. */
const enginesForMemory = 40;

const models = new Map<Precision, EmotionModel>();
for (const precision of precisions) models.set(precision, await loadModel(values.model, precision));
const float32 = models.get('float32')!;

/** Steps of random features for `speakers`, whose states go on. */
async function stepping(
  model: EmotionModel,
  speakers: number,
): Promise<{ work: Work; close(): Promise<void> }> {
  const engine = await createEngine(model, 'onnx');
  const random = new SeededRandom(3);
  const state = new Float32Array(speakers * model.stateSize);
  for (let n = 0; n < speakers; n++) state.set(model.initialState(), n * model.stateSize);
  const features = Float32Array.from({ length: speakers * model.stepFeatureCount }, () => random.normal());
  const outputs = new Float32Array(speakers * model.outputCount);
  const work = async () => {
    await engine.step({ steps: 1, speakers, features, state, outputs });
    return 1;
  };
  return { work, close: () => engine.close() };
}

/** Memory of one engine of each precision; all stay open meanwhile, since memory that is freed would be taken again. */
async function engineBytes(): Promise<Map<Precision, number>> {
  const engines = [];
  const bytes = new Map<Precision, number>();
  // The first engine of all also loads the library.
  engines.push(await stepping(float32, 1));
  for (const [precision, model] of models) {
    const before = process.memoryUsage.rss();
    for (let i = 0; i < enginesForMemory; i++) {
      const engine = await stepping(model, 1);
      await engine.work();
      engines.push(engine);
    }
    bytes.set(precision, Math.round((process.memoryUsage.rss() - before) / enginesForMemory));
  }
  for (const { close } of engines) await close();
  return bytes;
}

async function judgedBy(model: EmotionModel) {
  const seen = model.manifest.training.speakers;
  const corpora = await Promise.all(values.data.map((folder) => readCorpus(folder)));
  const clips = corpora
    .flatMap((corpus) => withLabels(corpus, model.labels).clips)
    .filter(({ speaker }) => ![...seen.training, ...seen.validation].includes(speaker));
  if (clips.length === 0) throw new Error('the data has no speaker who had no part in the training');
  const engine = await createEngine(model, 'onnx');
  const { judged } = await streamClips(model, engine, clips, { moments: [] });
  await engine.close();
  return judged;
}

const memory = await engineBytes();
const usual = values.data.length === 0 ? null : await judgedBy(float32);
const result: Record<string, unknown> = {
  float32: {
    bytes: float32.manifest.files.onnx.bytes,
    engineBytes: memory.get('float32'),
    ...(usual && { n: usual.length, uar: estimateScores(usual, float32.labels.length).uar }),
  },
};
for (const precision of compressedPrecisions) {
  const model = models.get(precision)!;
  const step: Record<string, unknown> = {};
  for (const speakers of batchSizes) {
    const [one, other] = [await stepping(model, speakers), await stepping(float32, speakers)];
    step[speakers] = await compare(
      [
        [precision, one.work],
        ['float32', other.work],
      ],
      Number(values.rounds),
    );
    await Promise.all([one.close(), other.close()]);
  }
  result[precision] = {
    bytes: model.manifest.files[precision]!.onnx.bytes,
    engineBytes: memory.get(precision),
    step,
    ...(usual && compareScores(usual, await judgedBy(model), model.labels.length)),
  };
}
console.log(JSON.stringify(result, null, values.json ? undefined : 2));
