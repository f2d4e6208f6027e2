import type { ChannelName } from '../preprocessing/channel.ts';
import { type Comparison, compare } from './comparison.ts';
import type { JudgedClip } from './judged-clip.ts';

/** How the scores change with what is heard of a clip. */
export interface ListeningReport {
  /** After so many seconds of speech, against the whole clip; shorter clips as a whole. */
  moments: (Comparison & { seconds: number })[];
  /** Through further channels, against the first. */
  channels: (Comparison & { channel: ChannelName })[];
}

/** One way in which clips were heard. */
export interface HeardClips {
  channel: ChannelName;
  judged: readonly JudgedClip[];
}

/**
 * @param heard the same clips in the same order through each channel; the first is compared with
 * @param moments in seconds of speech, as in the clips' `moments`
 */
export function reportListening(
  [usual, ...others]: readonly HeardClips[],
  moments: readonly number[],
  classes: number,
): ListeningReport {
  return {
    moments: moments.map((seconds, m) => {
      const then = usual.judged.map((clip) => ({ ...clip, probabilities: clip.moments![m] }));
      return { seconds, ...compare(usual.judged, then, classes) };
    }),
    channels: others.map(({ channel, judged }) => ({ channel, ...compare(usual.judged, judged, classes) })),
  };
}

/**
 * Puts clips in the order of others.
 * @throws Error when a clip is missing
 */
export function inOrderOf(order: readonly JudgedClip[], clips: readonly JudgedClip[]): JudgedClip[] {
  const byFile = new Map(clips.map((clip) => [clip.file, clip]));
  return order.map(({ file }) => {
    const clip = byFile.get(file);
    if (clip === undefined) throw new Error(`${file} was not heard through every channel`);
    return clip;
  });
}
