/** What a clip is trained towards. */
export interface ClipTarget {
  /** [C] probabilities; 0 for classes that do not compete. */
  classes: Float32Array;
  /** [2] valence and arousal. */
  dimensions: Float32Array;
  /** [C] 0 for a class that only other corpora have: it does not compete for this clip. */
  classMask: Float32Array;
  /** Weight in the loss. */
  weight: number;
}

/** A clip as the network sees it. */
export interface TrainingExample {
  /** [T, F] normalised steps of speech. */
  steps: Float32Array;
  target: ClipTarget;
}
