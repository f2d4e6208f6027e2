import type { Clip, SkippedClip } from '../corpus/clip.ts';
import { readSpeech } from '../corpus/read-speech.ts';
import type { EmotionEngine, StepBatch } from '../engine/emotion-engine.ts';
import type { SpeakerFeatures } from '../features/speaker-features.ts';
import type { EmotionModel } from '../model/emotion-model.ts';
import { type ChannelName, channelSeed, throughChannel } from '../preprocessing/channel.ts';
import { noPreprocessing, type Preprocessing, preprocess } from '../preprocessing/preprocessing.ts';
import type { JudgedClip } from './judged-clip.ts';
import { SessionFeatures, type SessionName, turns } from './session.ts';

/** 20 ms: what a packet brings. */
const chunkSamples = 320;
/** Clips that are streamed side by side, as speakers of a call would be. */
const parallelClips = 64;

/** Clips with the model's answer, and those that could not be read. */
export interface StreamedClips {
  judged: JudgedClip[];
  skipped: SkippedClip[];
}

/** How clips are heard. */
export interface Listening {
  /** Only the first seconds of speech of each clip. */
  seconds?: number | undefined;
  /** Further answers that are asked for, after so many seconds of speech. */
  moments?: readonly number[] | undefined;
  /** What the audio goes through before it is heard; `clean` unless said otherwise. */
  channel?: ChannelName;
  /** How clips follow each other; `clip` unless said otherwise. */
  session?: SessionName | undefined;
}

/**
 * Reads a clip, sends it through the channel and preprocesses what arrives.
 * @throws Error saying what is wrong with the file
 */
export async function hear(
  { file }: { file: string },
  { channel = 'clean' }: Listening,
  preprocessing: Preprocessing = noPreprocessing,
): Promise<Int16Array> {
  return preprocess(await throughChannel(channel, await readSpeech(file), channelSeed(file)), preprocessing);
}

/**
 * Plays clips to the model as a call would: 20 ms at a time through `SpeakerFeatures`, all speech steps of a tick in one
 * `step` of the engine, a fresh state for each clip, and fresh features unless it is one of a call. The answer is the output after the clip's last step of speech.
 */
export async function streamClips(
  model: EmotionModel,
  engine: EmotionEngine,
  clips: readonly Clip[],
  listening: Listening = {},
): Promise<StreamedClips> {
  const result: StreamedClips = { judged: [], skipped: [] };
  const stepsOf = (seconds: number) => Math.ceil((1_000 * seconds) / model.stepMs);
  const maxSteps = stepsOf(listening.seconds ?? Number.POSITIVE_INFINITY);
  const moments = (listening.moments ?? []).map(stepsOf);
  const session = listening.session ?? 'clip';
  const features = new SessionFeatures(model.featureSpec, session);
  for (const group of turns(clips, session, parallelClips)) {
    const voices: Voice[] = [];
    for (const clip of group) {
      try {
        const samples = await hear(clip, listening);
        voices.push(new Voice(model, clip, samples, moments, features.of(clip.speaker)));
      } catch (error) {
        result.skipped.push({
          file: clip.file,
          reason: error instanceof Error ? error.message : String(error),
        });
      }
    }
    await streamTogether(model, engine, voices, maxSteps);
    for (const { clip, samples, answer, later } of voices) {
      const { file, speaker, dataset, gender } = clip;
      result.judged.push({
        file,
        speaker,
        dataset,
        gender,
        seconds: samples.length / model.featureSpec.mfcc.sampleRateHz,
        label: model.labels.indexOf(clip.label),
        probabilities: answer,
        ...(listening.moments && { moments: moments.map((steps) => later.get(steps) ?? answer) }),
      });
    }
  }
  return result;
}

async function streamTogether(
  model: EmotionModel,
  engine: EmotionEngine,
  voices: readonly Voice[],
  maxSteps: number,
): Promise<void> {
  const { stepFeatureCount: F, stateSize: S, outputCount } = model;
  const batch: StepBatch = {
    steps: 1,
    speakers: 0,
    features: new Float32Array(voices.length * F),
    state: new Float32Array(voices.length * S),
    outputs: new Float32Array(voices.length * outputCount),
  };
  const longest = Math.max(0, ...voices.map(({ samples }) => samples.length));
  for (let from = 0; from < longest; from += chunkSamples) {
    for (const voice of voices) voice.hear(from);
    // Short steps: several may end within a chunk.
    for (let step = 0; ; step++) {
      const speaking = voices.filter((voice) => step < voice.heardSteps && voice.steps < maxSteps);
      if (speaking.length === 0) break;
      for (const [i, voice] of speaking.entries()) {
        batch.features.set(voice.features.subarray(step * F, (step + 1) * F), i * F);
        batch.state.set(voice.state, i * S);
      }
      batch.speakers = speaking.length;
      await engine.step(batch);
      for (const [i, voice] of speaking.entries()) {
        voice.state.set(batch.state.subarray(i * S, (i + 1) * S));
        voice.answered(batch.outputs.slice(i * outputCount, i * outputCount + model.labels.length));
      }
    }
  }
}

/** One clip being played. */
class Voice {
  readonly clip: Clip;
  readonly samples: Int16Array;
  /** [steps, F] of speech, as the last chunk completed them. */
  readonly features: Float32Array;
  readonly state: Float32Array;
  /** How many they are. */
  heardSteps = 0;
  answer: Float32Array | null = null;
  /** By steps of speech: the answer after so many. */
  readonly later = new Map<number, Float32Array>();
  /** Steps of speech so far. */
  steps = 0;
  readonly #moments: readonly number[];
  readonly #speakerFeatures: SpeakerFeatures;

  /** @param moments after how many steps of speech the answer is kept */
  constructor(
    model: EmotionModel,
    clip: Clip,
    samples: Int16Array,
    moments: readonly number[],
    features: SpeakerFeatures,
  ) {
    this.clip = clip;
    this.samples = samples;
    const { mfcc, framesPerStep } = model.featureSpec;
    const mostSteps = Math.ceil(chunkSamples / (mfcc.hopSamples * framesPerStep));
    this.features = new Float32Array(mostSteps * model.stepFeatureCount);
    this.state = model.initialState();
    this.#moments = moments;
    this.#speakerFeatures = features;
  }

  answered(answer: Float32Array): void {
    this.answer = answer;
    this.steps++;
    if (this.#moments.includes(this.steps)) this.later.set(this.steps, answer);
  }

  /** Hears the 20 ms from sample `from`; `features` are then the steps of speech that they completed. */
  hear(from: number): void {
    this.heardSteps = 0;
    this.#speakerFeatures.push(this.samples.subarray(from, from + chunkSamples), {
      step: (features, speech) => {
        if (speech) this.features.set(features, this.heardSteps++ * features.length);
      },
    });
  }
}
