import { fileURLToPath } from 'node:url';
import { createEngine, SpeakerFeatures } from '@undertone/models';
import { expect, it } from 'vitest';
import type { Clip } from '../../libs/models/src/corpus/clip.ts';
import { readSpeech } from '../../libs/models/src/corpus/read-speech.ts';
import { referenceForward } from '../../libs/models/src/engine/reference-forward.ts';
import { streamClips } from '../../libs/models/src/evaluation/stream-clips.ts';
import { description, smallModel } from './small-model.ts';

const clips = ['08a02Wc', '11a02Nc'].map(
  (name): Clip => ({
    file: fileURLToPath(new URL(`../fixtures/speech/${name}.wav`, import.meta.url)),
    dataset: 'emodb',
    speaker: `emodb_${name.slice(0, 2)}`,
    gender: 'female',
    language: 'de',
    label: 'angry',
  }),
);

it.each([1, 3, 4])(
  'a clip that is played to the model is judged by all of its steps of speech, of %i frames each',
  async (framesPerStep) => {
    const { model } = smallModel(1, {}, undefined, { ...description.features, framesPerStep });
    const engine = await createEngine(model, 'onnx');
    const seconds = 0.3;
    const { judged } = await streamClips(model, engine, clips, { moments: [seconds] });
    const { judged: early } = await streamClips(model, engine, clips, { seconds });
    await engine.close();
    for (const [i, { file }] of clips.entries()) {
      const steps: number[] = [];
      const sink = { step: (step: Float32Array, speech: boolean) => void (speech && steps.push(...step)) };
      new SpeakerFeatures(model.featureSpec).push(await readSpeech(file), sink);
      const T = steps.length / model.stepFeatureCount;
      const outputs = new Float32Array(T * model.outputCount);
      referenceForward(model, {
        steps: T,
        speakers: 1,
        features: Float32Array.from(steps),
        state: model.initialState(),
        outputs,
      });
      const agrees = (answer: Float32Array | null, step: number) => {
        const from = (step - 1) * model.outputCount;
        for (let c = 0; c < 8; c++) expect(answer![c]).toBeCloseTo(outputs[from + c], 4);
      };
      const few = Math.ceil((1_000 * seconds) / model.stepMs);
      expect(T).toBeGreaterThan(few);
      agrees(judged[i].probabilities, T);
      agrees(judged[i].moments![0], few);
      agrees(early[i].probabilities, few);
    }
  },
);
