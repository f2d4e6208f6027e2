import { createRequire } from 'node:module';
import type { SvmLibrary } from 'libsvm-js';
import { balancedWeights, type Classifier, type ClassifierKind, type LabelledRows } from './classifier.ts';

let library: Promise<SvmLibrary> | undefined;

/**
 * The loader, older than fetch in Node, tries to fetch a file path, fails, and says so before it reads the file: it gets
 * to see no fetch.
 */
async function loadLibsvm(): Promise<SvmLibrary> {
  const { fetch } = globalThis;
  Reflect.deleteProperty(globalThis, 'fetch');
  try {
    // Required, not imported: a module that is itself a promise can't be taken over by every importer.
    return await (createRequire(import.meta.url)('libsvm-js') as Promise<SvmLibrary>);
  } finally {
    globalThis.fetch = fetch;
  }
}

/** A support vector machine by LIBSVM (Chang & Lin 2011), one against one, with its own calibration (Platt 1999). */
function supportVectors(name: string, kernel: 'LINEAR' | 'RBF', costs: readonly number[]): ClassifierKind {
  return {
    name,
    random: false,
    calibratesItself: true,
    settings: costs,
    fit: async (data, cost, _seed, decisionsOnly = false) => fit(data, kernel, cost, decisionsOnly),
  };
}

async function fit(
  data: LabelledRows,
  kernel: 'LINEAR' | 'RBF',
  cost: number,
  decisionsOnly: boolean,
): Promise<Classifier> {
  library ??= loadLibsvm();
  const Svm = await library;
  const svm = new Svm({
    type: Svm.SVM_TYPES.C_SVC,
    kernel: Svm.KERNEL_TYPES[kernel],
    cost,
    gamma: 1 / meanSquare(data.rows),
    weight: { ...Array.from(balancedWeights(data)) },
    probabilityEstimates: !decisionsOnly,
    cacheSize: 200,
    quiet: true,
  });
  svm.train(
    data.rows.map((row) => Array.from(row)),
    data.labels,
  );
  return {
    importance: null,
    probabilities: (rows) =>
      rows.map((row) => {
        const result = new Float32Array(data.classes);
        if (decisionsOnly) result[svm.predictOne(Array.from(row))] = 1;
        else {
          for (const { label, probability } of svm.predictOneProbability(Array.from(row)).estimates)
            result[label] = probability;
        }
        return result;
      }),
    free: () => svm.free(),
  };
}

/** Mean squared length of the rows: with its inverse as γ, the kernel has the same width whatever the features. */
const meanSquare = (rows: readonly Float64Array[]) =>
  rows.reduce((sum, row) => sum + row.reduce((length, value) => length + value * value, 0), 0) / rows.length;

export const rbfSupportVectors = supportVectors('svm', 'RBF', [3, 1, 10]);
export const linearSupportVectors = supportVectors('linear-svm', 'LINEAR', [0.01, 0.001, 0.1]);
