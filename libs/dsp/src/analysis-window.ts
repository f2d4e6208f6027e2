/** `povey` is Kaldi's default: the Hann window to the power 0.85. */
export type WindowShape = 'hann' | 'hamming' | 'povey';

/** Symmetric window of `length` samples: w[i] is a function of 2πi/(length−1), as HTK and Kaldi define it. */
export function analysisWindow(shape: WindowShape, length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => {
    const cosine = Math.cos((2 * Math.PI * i) / (length - 1));
    switch (shape) {
      case 'hann':
        return 0.5 - 0.5 * cosine;
      case 'hamming':
        return 0.54 - 0.46 * cosine;
      case 'povey':
        return (0.5 - 0.5 * cosine) ** 0.85;
    }
  });
}
