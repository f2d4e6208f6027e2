/**
 * Several speakers' next steps, advanced together.
 *
 * The arrays are row-major and may be longer than needed (preallocated for the largest batch): only the prefix
 * given by `steps` and `speakers` is read and written. F, S and C+2 are the model's `stepFeatureCount`,
 * `stateSize` and `outputCount`.
 */
export interface StepBatch {
  /** T: consecutive 40 ms steps of every speaker in the batch. */
  steps: number;
  /** N */
  speakers: number;
  /** [T, N, F] normalised features, from `SpeakerFeatures`. */
  features: Float32Array;
  /** [N, S] each speaker's state; replaced by the state after the last step. Starts as `model.initialState()`. */
  state: Float32Array;
  /** [T, N, C+2] calibrated probabilities in the order of the model's labels, then valence and arousal (−1…1). */
  outputs: Float32Array;
}

/** Runs one model; holds no state of any speaker, so one engine serves every call. */
export interface EmotionEngine {
  /** Engine and backend as health and metrics show them, e.g. `onnx-cpu`, `webgpu-vulkan` or `tfjs-wasm`. */
  readonly name: string;
  /**
   * Advances every speaker of the batch. Calls must not overlap.
   * @throws ModelError `batch-malformed` when an array is too short
   */
  step(batch: StepBatch): Promise<void>;
  /** Frees the engine's memory. May be called twice. */
  close(): Promise<void>;
}

/**
 * `onnx`: ONNX Runtime on the CPU. `webgpu`: ONNX Runtime on a GPU through WebGPU. `tfjs`: the fastest TensorFlow.js that is
 * installed. `tfjs-gpu`: TensorFlow.js on an NVIDIA GPU, or an error.
 */
export const engineKinds = ['onnx', 'webgpu', 'tfjs', 'tfjs-gpu'] as const;
export type EngineKind = (typeof engineKinds)[number];
