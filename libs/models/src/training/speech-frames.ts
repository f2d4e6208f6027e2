/** One clip's log mel energies, pitch and waveform descriptors, the form in which clips are cached and augmented before they become MFCC. */
export interface SpeechFrames {
  /** Columns of `logMel`. */
  bands: number;
  /** [frames, bands] natural logarithms of the mel energies. */
  logMel: Float32Array;
  /** [frames, 2] logarithm of the pitch in Hz, and voicing 0…1. */
  pitch: Float32Array;
  /** [frames, 3] energy, peak and zero crossings, see `WaveformDescriptors`; null where a model needs none. */
  waveform: Float32Array | null;
  /** [frames] 1 where voice activity was found. */
  speech: Uint8Array;
}

/** [bands] mean log energies of the speech frames. */
export function speechMeans({ bands, logMel, speech }: SpeechFrames): Float32Array {
  const means = new Float64Array(bands);
  let count = 0;
  for (let frame = 0; frame < speech.length; frame++) {
    if (speech[frame] === 0) continue;
    count++;
    for (let b = 0; b < bands; b++) means[b] += logMel[frame * bands + b];
  }
  return Float32Array.from(means, (sum) => sum / Math.max(1, count));
}
