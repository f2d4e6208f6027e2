/** Samples of −1…1 as 16-bit integers; louder ones are clipped. */
export const toInt16 = (samples: Float32Array): Int16Array =>
  Int16Array.from(samples, (sample) => Math.max(-32_768, Math.min(32_767, Math.round(32_768 * sample))));

/** 16-bit samples as −1…1. */
export const toFloat = (samples: Int16Array): Float32Array =>
  Float32Array.from(samples, (sample) => sample / 32_768);
