import { decision, type JudgedClip } from './judged-clip.ts';

const bins = 15;

/** The clips whose winning probability lies in one of 15 equal bins: is it as often right as it says? */
export interface ReliabilityBin {
  clips: number;
  /** Mean winning probability. */
  confidence: number;
  /** Share of the clips that were found. */
  accuracy: number;
}

/** The bins that have clips, by rising confidence (Guo et al. 2017, figure 1). Clips without an answer are in none. */
export function reliabilityBins(clips: readonly JudgedClip[]): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ clips: 0, confidence: 0, correct: 0 }));
  for (const clip of clips) {
    if (clip.probabilities === null) continue;
    const decided = decision(clip);
    const confidence = clip.probabilities[decided];
    const bin = sums[Math.min(bins - 1, Math.floor(confidence * bins))];
    bin.clips++;
    bin.confidence += confidence;
    if (decided === clip.label) bin.correct++;
  }
  return sums
    .filter((bin) => bin.clips > 0)
    .map((bin) => ({
      clips: bin.clips,
      confidence: bin.confidence / bin.clips,
      accuracy: bin.correct / bin.clips,
    }));
}

/** Expected calibration error: how far confidence and accuracy are apart, mean over the clips. */
export function calibrationError(reliability: readonly ReliabilityBin[]): number {
  let error = 0;
  let answered = 0;
  for (const { clips, confidence, accuracy } of reliability) {
    error += clips * Math.abs(confidence - accuracy);
    answered += clips;
  }
  return error / Math.max(1, answered);
}
