/** Samples of −1…1 as 16-bit integers; louder ones are clipped. */
export function toInt16(samples: Float32Array): Int16Array {
  const result = new Int16Array(samples.length);
  for (let i = 0; i < result.length; i++) {
    result[i] = Math.max(-32_768, Math.min(32_767, Math.round(32_768 * samples[i])));
  }
  return result;
}

/** 16-bit samples as −1…1. */
export function toFloat(samples: Int16Array): Float32Array {
  const result = new Float32Array(samples.length);
  for (let i = 0; i < result.length; i++) result[i] = samples[i] / 32_768;
  return result;
}
