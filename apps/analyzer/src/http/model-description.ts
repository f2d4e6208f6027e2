import type { ModelRelay } from '../model/model-relay.ts';
import type { ModelShadow } from '../model/model-shadow.ts';

const rounded = (value: number | null) => (value === null ? null : Math.round(value * 1e6) / 1e6);

/** The model that serves, as `/health` shows it. */
export const describeModel = ({ model, engine, sinceMs, handingOver }: ModelRelay) => ({
  name: model.manifest.name,
  sha256: model.manifest.files.weights.sha256,
  precision: model.precision,
  engine: engine.name,
  since: new Date(sinceMs).toISOString(),
  /** Speakers still judged by the model before. */
  handingOver,
});

/** The candidate and how it compares, as `/health` shows it. */
export function describeShadow(shadow: ModelShadow | null) {
  if (!shadow) return null;
  const { model, comparison } = shadow;
  return {
    name: model.manifest.name,
    sha256: model.manifest.files.weights.sha256,
    precision: model.precision,
    engine: shadow.engineName,
    since: new Date(shadow.sinceMs).toISOString(),
    points: comparison.points,
    agreement: rounded(comparison.agreement),
    probabilityDifference: rounded(comparison.probabilityDifference),
    jensenShannonBits: rounded(comparison.divergence),
    valenceDifference: rounded(comparison.valenceDifference),
    arousalDifference: rounded(comparison.arousalDifference),
    engineMsPerStep: shadow.steps === 0 ? null : rounded(shadow.engineMs / shadow.steps),
    engineFailures: shadow.engineFailures,
    skippedTicks: shadow.skippedTicks,
    droppedSteps: comparison.droppedSteps,
  };
}
