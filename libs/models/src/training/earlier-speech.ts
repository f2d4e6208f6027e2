import type { SeededRandom } from '../seeded-random.ts';
import type { SpeechFrames } from './speech-frames.ts';
import type { TrainingClip } from './training-clip.ts';

/** Frames that stand for all that was heard: enough for a mean, few enough to cost little. */
const sampledFrames = 48;
/** How much was heard is drawn from here to `AcquaintanceOptions.frames`, its logarithm evenly. */
const leastHeardFrames = 100;

/** In calls the normalisation soon knows a speaker; this makes training hear clips that way. */
export interface AcquaintanceOptions {
  /** Share of the clips whose speaker has been heard before. */
  share: number;
  /** Frames of speech heard at most. */
  frames: number;
}

/** What was heard of a speaker before a clip. */
export interface EarlierSpeech {
  /** A sample of it, all speech, in no order. */
  frames: SpeechFrames;
  /** Frames that the sample stands for. */
  heardFrames: number;
}

/** Draws earlier speech of a clip's speaker from the speaker's other clips. */
export class EarlierSpeechSource {
  readonly #bySpeaker: Map<string, TrainingClip[]>;
  readonly #options: AcquaintanceOptions;

  constructor(clips: readonly TrainingClip[], options: AcquaintanceOptions) {
    this.#bySpeaker = Map.groupBy(clips, ({ clip }) => clip.speaker);
    this.#options = options;
  }

  /** Null as often as the share says, and where the speaker has no other clip. */
  draw(item: TrainingClip, random: SeededRandom): EarlierSpeech | null {
    const { share, frames } = this.#options;
    if (random.next() >= share) return null;
    const others = this.#bySpeaker.get(item.clip.speaker)?.filter((other) => other !== item) ?? [];
    if (others.length === 0) return null;
    const heardFrames = leastHeardFrames * (frames / leastHeardFrames) ** random.next();
    return { frames: sample(others, random), heardFrames };
  }
}

function sample(clips: readonly TrainingClip[], random: SeededRandom): SpeechFrames {
  const { bands, waveform } = clips[0].frames;
  const result: SpeechFrames = {
    bands,
    logMel: new Float32Array(sampledFrames * bands),
    pitch: new Float32Array(2 * sampledFrames),
    waveform: waveform === null ? null : new Float32Array(3 * sampledFrames),
    speech: new Uint8Array(sampledFrames).fill(1),
  };
  for (let k = 0; k < sampledFrames; k++) {
    const { frames } = clips[random.integer(clips.length)];
    // Every clip of a training set has speech: from a random frame on the next one that is.
    let t = random.integer(frames.speech.length);
    while (frames.speech[t] === 0) t = (t + 1) % frames.speech.length;
    result.logMel.set(frames.logMel.subarray(t * bands, (t + 1) * bands), k * bands);
    result.pitch.set(frames.pitch.subarray(2 * t, 2 * t + 2), 2 * k);
    if (frames.waveform !== null) result.waveform?.set(frames.waveform.subarray(3 * t, 3 * t + 3), 3 * k);
  }
  return result;
}
