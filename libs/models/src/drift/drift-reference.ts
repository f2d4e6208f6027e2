import type { EmotionEngine } from '../engine/emotion-engine.ts';
import { SmoothedJudgement } from '../engine/smoothed-judgement.ts';
import type { EmotionModel } from '../model/emotion-model.ts';
import type { Manifest } from '../model/manifest.ts';
import { ClipStepper } from '../training/clip-stepper.ts';
import type { SpeechFrames } from '../training/speech-frames.ts';
import { confidenceBin, confidenceBins } from './confidence-histogram.ts';

/** What a call calls speech only begins after this much of it: `PointComposer` in the analyzer. */
const warmUpMs = 1_000;

/**
 * What a model says of speech that did not train it, judged step by step and smoothed as in a call: what drift is measured
 * against. Every step of speech after the first second of a clip counts alike.
 * @returns null when no clip has so much speech
 */
export async function driftReference(
  model: EmotionModel,
  engine: EmotionEngine,
  clips: Iterable<SpeechFrames>,
): Promise<NonNullable<Manifest['reference']> | null> {
  const stepper = new ClipStepper(model.featureSpec);
  const { stepFeatureCount, outputCount, labels, stepMs } = model;
  const posterior = new Float64Array(labels.length);
  const confidence = new Float64Array(confidenceBins);
  let moments = 0;
  for (const clip of clips) {
    const features = stepper.steps(clip);
    const steps = features.length / stepFeatureCount;
    if (steps === 0) continue;
    const outputs = new Float32Array(steps * outputCount);
    await engine.step({ steps, speakers: 1, features, state: model.initialState(), outputs });
    const judgement = new SmoothedJudgement(stepMs, labels.length);
    for (let step = 0; step < steps; step++) {
      judgement.add(outputs, step * outputCount);
      if ((step + 1) * stepMs < warmUpMs) continue;
      moments++;
      for (const [k, p] of judgement.probabilities.entries()) posterior[k] += p;
      confidence[confidenceBin(judgement.probabilities)]++;
    }
  }
  if (moments === 0) return null;
  const shares = (sums: Float64Array) => Array.from(sums, (sum) => Number((sum / moments).toFixed(6)));
  return { moments, posterior: shares(posterior), confidence: shares(confidence) };
}
