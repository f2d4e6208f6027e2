/** mljs/libsvm ships no types; this is the part of it that we use. */
declare module 'libsvm-js' {
  export interface SvmOptions {
    type: string;
    kernel: string;
    cost: number;
    gamma?: number;
    weight: Record<number, number>;
    probabilityEstimates: boolean;
    cacheSize: number;
    quiet: boolean;
  }
  export interface Svm {
    train(samples: readonly (readonly number[])[], labels: readonly number[]): void;
    predictOne(sample: readonly number[]): number;
    predictOneProbability(sample: readonly number[]): {
      prediction: number;
      estimates: { label: number; probability: number }[];
    };
    free(): void;
  }
  export interface SvmLibrary {
    new (options: SvmOptions): Svm;
    SVM_TYPES: { C_SVC: string };
    KERNEL_TYPES: { LINEAR: string; RBF: string };
  }
}
