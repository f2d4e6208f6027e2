import type { SeededRandom } from '../seeded-random.ts';
import type { SpeechFrames } from './speech-frames.ts';

/** Silence that stays around a whole clip, frames: what precedes speech may be context of its first steps. */
const marginFrames = 16;

/**
 * `clip` cut to `maxSpeechFrames` frames of speech from a random one on, or, if it is shorter, to its speech and a
 * margin: silence would be augmented in vain. Shares the clip's memory.
 */
export function cropSpeech(clip: SpeechFrames, maxSpeechFrames: number, random: SeededRandom): SpeechFrames {
  const { speech } = clip;
  let total = 0;
  for (let frame = 0; frame < speech.length; frame++) total += speech[frame];
  if (total === 0) return clip;
  if (total <= maxSpeechFrames) {
    return cut(clip, Math.max(0, speech.indexOf(1) - marginFrames), speech.lastIndexOf(1) + 1 + marginFrames);
  }
  const first = random.integer(total - maxSpeechFrames + 1);
  let heard = 0;
  let start = -1;
  let end = 0;
  for (; heard < first + maxSpeechFrames; end++) {
    if (speech[end] === 0) continue;
    if (heard === first) start = end;
    heard++;
  }
  return cut(clip, start, end);
}

const cut = (
  { bands, logMel, pitch, waveform, speech }: SpeechFrames,
  start: number,
  end: number,
): SpeechFrames => ({
  bands,
  logMel: logMel.subarray(start * bands, end * bands),
  pitch: pitch.subarray(start * 2, end * 2),
  waveform: waveform === null ? null : waveform.subarray(start * 3, end * 3),
  speech: speech.subarray(start, end),
});
