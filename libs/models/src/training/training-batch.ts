/** Clips that are trained together, padded at the end to the longest. Arrays are row-major. */
export interface TrainingBatch {
  /** T: steps of the longest clip. */
  steps: number;
  /** B */
  clips: number;
  /** Q: how many moments of each clip are judged. */
  moments: number;
  /** [T, B, F] */
  features: Float32Array;
  /** [B, Q] the step after which each judgement is made. */
  momentSteps: Int32Array;
  /** [B, C] probabilities of the classes that each clip is trained towards. */
  targets: Float32Array;
  /** [B, 2] valence and arousal. */
  dimensionTargets: Float32Array;
  /** [B, C] 0 for a class that only other corpora have: it does not compete for this clip. */
  classMask: Float32Array;
  /** [B] weight of the clip in the loss. */
  weights: Float32Array;
}
