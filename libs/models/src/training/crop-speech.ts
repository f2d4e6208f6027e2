import type { SeededRandom } from '../seeded-random.ts';
import type { SpeechFrames } from './speech-frames.ts';

/** `clip` cut to `maxSpeechFrames` frames of speech from a random one on; a shorter clip as it is. Shares its memory. */
export function cropSpeech(clip: SpeechFrames, maxSpeechFrames: number, random: SeededRandom): SpeechFrames {
  const { bands, logMel, pitch, speech } = clip;
  const total = speech.reduce((sum, value) => sum + value, 0);
  if (total <= maxSpeechFrames) return clip;
  const first = random.integer(total - maxSpeechFrames + 1);
  let heard = 0;
  let start = -1;
  let end = 0;
  for (; heard < first + maxSpeechFrames; end++) {
    if (speech[end] === 0) continue;
    if (heard === first) start = end;
    heard++;
  }
  return {
    bands,
    logMel: logMel.subarray(start * bands, end * bands),
    pitch: pitch.subarray(start * 2, end * 2),
    speech: speech.subarray(start, end),
  };
}
