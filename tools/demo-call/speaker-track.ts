import { join } from 'node:path';
import type { CallScript } from './call-script.ts';
import { clipSampleRateHz, decodeFlacClips } from './flac-clip.ts';

/** Fade at both ends of a clip, so that the step from room noise to digital silence does not click. */
const fadeSamples = clipSampleRateHz / 100;

/** When a turn is heard, milliseconds from the start of the call. */
interface SpokenTurn {
  speaker: string;
  startMs: number;
  endMs: number;
}

export interface MixedCall {
  /** One mono 16 kHz track per speaker, all of the same length, a whole number of 20 ms frames. */
  tracks: Map<string, Int16Array>;
  turns: SpokenTurn[];
}

/**
 * Lays the turns of a script one after the other, each speaker on a track of their own.
 * @param clips s16 samples of every turn, in the script's order
 */
export function mixCall(script: CallScript, clips: readonly Int16Array[]): MixedCall {
  const turns = script.phases.flatMap((phase) => phase.turns);
  const starts: number[] = [];
  let end = 0;
  for (const [i, turn] of turns.entries()) {
    starts.push(Math.max(0, end + (turn.pauseMs * clipSampleRateHz) / 1_000));
    end = Math.max(end, starts[i] + clips[i].length);
  }
  const frameSamples = clipSampleRateHz / 50;
  const callSamples = Math.ceil((end + (script.closingPauseMs * clipSampleRateHz) / 1_000) / frameSamples);
  const tracks = new Map(script.speakers.map(({ id }) => [id, new Int16Array(callSamples * frameSamples)]));
  for (const [i, { speaker }] of turns.entries()) addClip(tracks.get(speaker)!, clips[i], starts[i]);
  const toMs = (samples: number) => (samples * 1_000) / clipSampleRateHz;
  return {
    tracks,
    turns: turns.map(({ speaker }, i) => ({
      speaker,
      startMs: toMs(starts[i]),
      endMs: toMs(starts[i] + clips[i].length),
    })),
  };
}

function addClip(track: Int16Array, clip: Int16Array, start: number): void {
  for (let i = 0; i < clip.length; i++) {
    const gain = Math.min(1, (i + 1) / fadeSamples, (clip.length - i) / fadeSamples);
    track[start + i] = Math.round(clip[i] * gain);
  }
}

/** Decodes the clips of a script and mixes the call. */
export async function renderCall(script: CallScript, folder: string): Promise<MixedCall> {
  const paths = script.phases.flatMap(({ turns }) => turns.map(({ clip }) => join(folder, clip)));
  return mixCall(script, await decodeFlacClips(paths));
}
