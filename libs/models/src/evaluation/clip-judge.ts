import type { Clip } from '../corpus/clip.ts';
import { createEngine } from '../engine/create-engine.ts';
import type { EngineKind } from '../engine/emotion-engine.ts';
import { EmotionModel } from '../model/emotion-model.ts';
import type { OfflineModel } from '../model/offline-model.ts';
import { OfflineJudge } from './offline-judge.ts';
import { type Listening, type StreamedClips, streamClips } from './stream-clips.ts';

/** A model that is ready to judge clips. */
export interface ClipJudge {
  /** What runs the model, e.g. `onnx-cpu`. */
  readonly engine: string;
  /** `streaming`: chunk by chunk as in a call; `offline`: each clip as a whole. */
  readonly mode: 'streaming' | 'offline';
  judge(clips: readonly Clip[], listening?: Listening): Promise<StreamedClips>;
  close(): Promise<void>;
}

/**
 * The product's kind of model on the engine asked for, the others on ONNX Runtime.
 * @throws ModelError `engine-unavailable`
 */
export async function createClipJudge(
  model: EmotionModel | OfflineModel,
  kind: EngineKind,
): Promise<ClipJudge> {
  if (!(model instanceof EmotionModel)) return OfflineJudge.create(model);
  const engine = await createEngine(model, kind);
  return {
    engine: engine.name,
    mode: 'streaming',
    judge: (clips, listening) => streamClips(model, engine, clips, listening),
    close: () => engine.close(),
  };
}
