import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Clip } from '../corpus/clip.ts';
import type { SpeakerFeatures } from '../features/speaker-features.ts';
import type { OfflineModel } from '../model/offline-model.ts';
import type { FedTensor } from '../network/network.ts';
import { padSteps } from '../network/padded-batch.ts';
import type { ClipJudge } from './clip-judge.ts';
import type { JudgedClip } from './judged-clip.ts';
import { SessionFeatures, turns } from './session.ts';
import { hear, type Listening, type StreamedClips } from './stream-clips.ts';

/** Clips of one run; more would be padded for nothing. */
const batchClips = 16;

/** Judges clips as a whole: all their steps of speech in one run of the network. The features are those of a call. */
export class OfflineJudge implements ClipJudge {
  readonly engine = 'onnx-cpu';
  readonly mode = 'offline';
  readonly #model: OfflineModel;
  readonly #session: InferenceSession;

  static async create(model: OfflineModel): Promise<OfflineJudge> {
    const session = await InferenceSession.create(model.onnx, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
    return new OfflineJudge(model, session);
  }

  private constructor(model: OfflineModel, session: InferenceSession) {
    this.#model = model;
    this.#session = session;
  }

  async judge(clips: readonly Clip[], listening: Listening = {}): Promise<StreamedClips> {
    const { stepFeatureCount: F, stepMs } = this.#model;
    const floatsOf = (seconds: number) => F * Math.ceil((1_000 * seconds) / stepMs);
    const longest = floatsOf(listening.seconds ?? Number.POSITIVE_INFINITY);
    const result: StreamedClips = { judged: [], skipped: [] };
    const session = listening.session ?? 'clip';
    const features = new SessionFeatures(this.#model.featureSpec, session);
    for (const group of turns(clips, session, batchClips)) {
      const judged: JudgedClip[] = [];
      const heard: Float32Array[] = [];
      for (const clip of group) {
        try {
          const samples = await hear(clip, listening, this.#model.preprocessing);
          heard.push(this.#steps(samples, features.of(clip.speaker)).subarray(0, longest));
          judged.push(this.#unanswered(clip, samples.length));
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          result.skipped.push({ file: clip.file, reason });
        }
      }
      const whole = await this.#answers(heard);
      const later: (Float32Array | null)[][] = [];
      for (const seconds of listening.moments ?? []) {
        later.push(await this.#answers(heard.map((steps) => steps.subarray(0, floatsOf(seconds)))));
      }
      for (const [i, clip] of judged.entries()) {
        clip.probabilities = whole[i];
        if (listening.moments) clip.moments = later.map((answers) => answers[i]);
        result.judged.push(clip);
      }
    }
    return result;
  }

  /** The probabilities of each sequence; null for an empty one. */
  async #answers(sequences: readonly Float32Array[]): Promise<(Float32Array | null)[]> {
    const { outputCount, labels } = this.#model;
    const outputs = await this.outputs(sequences);
    return sequences.map(({ length }, i) =>
      length === 0 ? null : outputs.slice(i * outputCount, i * outputCount + labels.length),
    );
  }

  /** `sequences` [T, F] each, normalised steps of speech → [B, C+2]; what an empty one gets means nothing. */
  async outputs(sequences: readonly Float32Array[]): Promise<Float32Array> {
    if (sequences.length === 0) return new Float32Array(0);
    const { network, stepFeatureCount: F } = this.#model;
    const B = sequences.length;
    const T = Math.max(1, ...sequences.map(({ length }) => length / F));
    const values = new Float32Array(T * B * F);
    for (const [b, steps] of sequences.entries()) {
      for (let t = 0; t * F < steps.length; t++)
        values.set(steps.subarray(t * F, (t + 1) * F), (t * B + b) * F);
    }
    const momentSteps = Int32Array.from(sequences, ({ length }) => Math.max(0, length / F - 1));
    const { features, sequence } = padSteps(
      { steps: T, clips: B, moments: 1, momentSteps, features: values },
      network.stepMultiple,
    );
    const feeds = Object.entries({ features, ...network.inputs(sequence) });
    const { outputs } = await this.#session.run(
      Object.fromEntries(feeds.map(([name, fed]) => [name, tensor(fed)])),
    );
    return outputs.data as Float32Array;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  /** [T, F] the steps of speech. */
  #steps(samples: Int16Array, features: SpeakerFeatures): Float32Array {
    const steps: Float32Array[] = [];
    features.push(samples, {
      step: (step, speech) => {
        if (speech) steps.push(step.slice());
      },
    });
    const all = new Float32Array(steps.length * this.#model.stepFeatureCount);
    for (const [t, step] of steps.entries()) all.set(step, t * step.length);
    return all;
  }

  #unanswered({ file, speaker, dataset, gender, label }: Clip, samples: number): JudgedClip {
    const seconds = samples / this.#model.featureSpec.mfcc.sampleRateHz;
    const own = this.#model.labels.indexOf(label);
    return { file, speaker, dataset, gender, seconds, label: own, probabilities: null };
  }
}

const tensor = ({ dims, values }: FedTensor) => new Tensor('float32', values, dims);
