import type { CorpusLabel } from '../corpus/corpus-label.ts';
import { dimensionCount } from '../model/emotion-label.ts';
import type { NetworkGradients, Weights } from './network-gradients.ts';
import type { TrainingBatch } from './training-batch.ts';
import type { TrainingClip } from './training-clip.ts';

interface NetworkJudgement {
  /** [clips · moments, C] */
  logits: Float32Array;
  /** [clips · moments] index of the true label. */
  truth: Int32Array;
  /** [clips, C] and [clips] the same of the last moments alone. */
  ends: { logits: Float32Array; truth: Int32Array };
  /** Unweighted average recall over all moments, mean over the corpora. */
  uar: number;
  /** By corpus: the same of the last moments. */
  corpusUar: Record<string, number>;
}

/** What the network makes of `clips`, packed in `batches` as they are. */
export async function judgeNetwork(
  network: NetworkGradients,
  weights: Weights,
  batches: readonly TrainingBatch[],
  clips: readonly TrainingClip[],
  labels: readonly CorpusLabel[],
): Promise<NetworkJudgement> {
  const C = labels.length;
  const Q = batches[0].moments;
  const width = C + dimensionCount;
  const logits = new Float32Array(clips.length * Q * C);
  const truth = new Int32Array(clips.length * Q);
  const moments = new Map<string, Recall>();
  const ends = new Map<string, Recall>();
  for (const { clip } of clips) {
    if (moments.has(clip.dataset)) continue;
    moments.set(clip.dataset, new Recall(C));
    ends.set(clip.dataset, new Recall(C));
  }
  const last = { logits: new Float32Array(clips.length * C), truth: new Int32Array(clips.length) };
  let row = 0;
  for (const batch of batches) {
    const raw = await network.outputs(weights, batch);
    for (let b = 0; b < batch.clips; b++) {
      const { dataset, label: name } = clips[row / Q].clip;
      const label = labels.indexOf(name);
      for (let q = 0; q < Q; q++, row++) {
        const own = raw.subarray((b * Q + q) * width, (b * Q + q) * width + C);
        logits.set(own, row * C);
        truth[row] = label;
        const hit = own.indexOf(Math.max(...own)) === truth[row];
        moments.get(dataset)!.add(truth[row], hit);
        if (q < Q - 1) continue;
        ends.get(dataset)!.add(truth[row], hit);
        last.logits.set(own, Math.floor(row / Q) * C);
        last.truth[Math.floor(row / Q)] = label;
      }
    }
  }
  return {
    logits,
    truth,
    ends: last,
    uar: mean(Array.from(moments.values(), (recall) => recall.average())),
    corpusUar: Object.fromEntries(Array.from(ends, ([dataset, recall]) => [dataset, recall.average()])),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Counts hits by class. */
class Recall {
  readonly #found: Float64Array;
  readonly #total: Float64Array;

  constructor(classes: number) {
    this.#found = new Float64Array(classes);
    this.#total = new Float64Array(classes);
  }

  add(label: number, hit: boolean): void {
    this.#total[label]++;
    if (hit) this.#found[label]++;
  }

  /** Unweighted over the classes that occurred. */
  average(): number {
    return mean(Array.from(this.#found, (hits, c) => hits / this.#total[c]).filter((recall) => recall >= 0));
  }
}
