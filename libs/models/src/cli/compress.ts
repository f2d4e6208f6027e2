import { parseArgs } from 'node:util';
import { buildModel, writeModel } from '../export/write-model.ts';
import { readStreamingModel } from '../model/load-model.ts';
import { compressedPrecisions } from '../model/precision.ts';
import { modelFolder } from './model-folder.ts';

const usage = `npm run compress -- --model DIR|pretrained [--out DIR]
  Writes a model's float16 and int8 graphs with their golden vectors beside its float32, and names them in its manifest.
  Training does that by itself; this is for models that were trained before.
  --model DIR   folder of a model; pretrained is the one that ships
  --out DIR     where the model goes with them (default: where it is)`;

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { model: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help || !values.model) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const folder = modelFolder(values.model);
  const { manifest, tensors } = await readStreamingModel(folder);
  const { model, files } = buildModel(manifest, tensors);
  await writeModel(values.out ?? folder, files);
  const { onnx, ...rest } = model.manifest.files;
  console.log(`float32  ${onnx.bytes} bytes`);
  for (const precision of compressedPrecisions) {
    const { onnx, outputDifference } = rest[precision]!;
    console.log(
      `${precision.padEnd(7)}  ${onnx.bytes} bytes; outputs differ by at most ${outputDifference.toExponential(1)} on the golden features`,
    );
  }
}
