import type { FeatureSpec } from '../features/feature-spec.ts';
import { SpeakerFeatures } from '../features/speaker-features.ts';
import { channelSeed } from '../preprocessing/channel.ts';

/**
 * How clips follow each other. `clip`: each by itself, by a speaker never heard before. `call`: those of a speaker one after
 * the other, so that the normalisation of features soon knows the voice, as in a call; the judgement begins anew with each.
 */
export const sessionNames = ['clip', 'call'] as const;
export type SessionName = (typeof sessionNames)[number];

interface Spoken {
  speaker: string;
  file: string;
}

/**
 * Groups of at most `most` clips that can be heard side by side. In a call a group holds one clip of a speaker, and
 * a speaker's clips come in an order drawn by their names, the same for every model and channel.
 */
export function* turns<C extends Spoken>(
  clips: readonly C[],
  session: SessionName,
  most: number,
): Generator<C[]> {
  if (session === 'clip') {
    for (let at = 0; at < clips.length; at += most) yield clips.slice(at, at + most);
    return;
  }
  const speakers = [...Map.groupBy(clips, ({ speaker }) => speaker).values()].map((own) =>
    own
      .map((clip) => ({ clip, drawn: channelSeed(clip.file) }))
      .sort((a, b) => a.drawn - b.drawn)
      .map(({ clip }) => clip),
  );
  for (let at = 0; at < speakers.length; at += most) {
    const together = speakers.slice(at, at + most);
    const longest = Math.max(...together.map((own) => own.length));
    for (let turn = 0; turn < longest; turn++) yield together.flatMap((own) => own.slice(turn, turn + 1));
  }
}

/** The features that hear a clip: new ones, or in a call those that heard the speaker's earlier clips. */
export class SessionFeatures {
  readonly #spec: FeatureSpec;
  readonly #session: SessionName;
  readonly #bySpeaker = new Map<string, SpeakerFeatures>();

  constructor(spec: FeatureSpec, session: SessionName) {
    this.#spec = spec;
    this.#session = session;
  }

  of(speaker: string): SpeakerFeatures {
    const known = this.#bySpeaker.get(speaker);
    if (known !== undefined) {
      // Clips are cut: between two of them lie neither the pause nor the room that voice activity would learn from.
      known.beginRecording();
      return known;
    }
    const features = new SpeakerFeatures(this.#spec);
    if (this.#session === 'call') this.#bySpeaker.set(speaker, features);
    return features;
  }
}
