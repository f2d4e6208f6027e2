import type { SpeakerTrack } from '@undertone/overlay';
import { clockTime, percent } from '../language/formats.ts';
import { messages } from '../language/locale.ts';
import { readVoice } from './expression-mark.ts';
import { pointAt } from './speaker-reading.ts';

/** How everyone sounds at one moment, in a sentence: what the keyboard's cursor reads. */
export function momentWords(tracks: readonly SpeakerTrack[], ms: number): string {
  const { call, voice: says } = messages();
  const voices = tracks
    .filter(({ speaker }) => speaker.decision.analysed)
    .map(({ speaker, history }) => {
      const point = pointAt(history, ms);
      if (!point) return call.share(speaker.name, says.noData);
      const voice = readVoice(speaker, point);
      const words = voice.confidence === null ? [voice.word] : [voice.word, percent(voice.confidence)];
      return call.share(speaker.name, words.join(' '));
    });
  return [clockTime(ms), ...voices].join(call.listSeparator);
}
