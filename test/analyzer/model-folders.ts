import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmotionModel, loadModel, type Manifest } from '@undertone/models';
import { buildModel, writeModel } from '../../libs/models/src/export/write-model.ts';
import { smallModel } from '../models/small-model.ts';

/**
 * A folder of models to choose from: `same` as the one that ships, `turned` with its last layer negated, `small` with other
 * features and sizes, `elsewhere` trained on features far from anybody's, `uncompressed` with float32 weights only, and three
 * that are broken.
 */
export class ModelFolders {
  readonly root: string;

  static async write(): Promise<ModelFolders> {
    const root = await mkdtemp(join(tmpdir(), 'models-'));
    const { manifest, tensors } = await loadModel();
    const put = (
      name: string,
      description: EmotionModel['manifest'],
      weights: ReadonlyMap<string, Float32Array>,
    ) => writeModel(join(root, name), buildModel({ ...description, name }, weights).files);
    await put('same', manifest, tensors);
    const turned = new Map(tensors);
    turned.set(
      'output.kernel',
      (tensors.get('output.kernel') as Float32Array).map((weight) => -weight),
    );
    await put('turned', manifest, turned);
    const elsewhere = structuredClone(manifest);
    elsewhere.features.normalisation.mean = elsewhere.features.normalisation.mean.map(
      (mean, i) => mean + 5 * manifest.features.normalisation.deviation[i],
    );
    await put('elsewhere', elsewhere, tensors);
    await writeModel(join(root, 'small'), smallModel().files);
    await put('uncompressed', manifest, tensors);
    const uncompressed = (await loadModel(join(root, 'uncompressed'))).manifest;
    const { float16: _, int8: __, ...files } = uncompressed.files;
    await writeFile(join(root, 'uncompressed', 'manifest.json'), JSON.stringify({ ...uncompressed, files }));
    const broken = async (name: string, file: string, change: (manifest: Manifest) => unknown) => {
      await put(name, manifest, tensors);
      const changed = structuredClone(buildModel({ ...manifest, name }, tensors).model.manifest);
      change(changed);
      await writeFile(join(root, name, file), file === 'manifest.json' ? JSON.stringify(changed) : 'no');
    };
    await broken('damaged', 'weights.bin', () => {});
    await broken('misshapen', 'manifest.json', (m) => m.tensors.pop());
    await broken('unheard', 'manifest.json', (m) => Object.assign(m.features, { rules: 99 }));
    return new ModelFolders(root);
  }

  private constructor(root: string) {
    this.root = root;
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true });
  }
}
