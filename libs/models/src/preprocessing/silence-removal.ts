import { defaultMfccOptions, StreamingMfcc, VoiceActivityDetector } from '@undertone/dsp';
import { toInt16 } from './int16.ts';

const { sampleRateHz, hopSamples, windowSamples } = defaultMfccOptions;
/** Kept before and after what is found to be speech. */
const marginMs = 100;
/** Over this long one piece fades into the next, so that there is no click. */
const fadeMs = 5;
const marginSamples = (marginMs * sampleRateHz) / 1_000;
const fadeSamples = (fadeMs * sampleRateHz) / 1_000;

/**
 * 16 kHz samples without their pauses: what the voice activity detector calls speech, with 100 ms before and after; pieces fade into
 * each other over 5 ms. Empty where there is no speech.
 */
export function withoutSilence(samples: Float32Array): Float32Array {
  const pieces = speechPieces(samples);
  const kept = pieces.reduce((sum, { start, end }) => sum + end - start, 0);
  const result = new Float32Array(kept - fadeSamples * Math.max(0, pieces.length - 1));
  let written = 0;
  for (const { start, end } of pieces) {
    const from = Math.max(0, written - fadeSamples);
    for (let i = start; i < end; i++) {
      const at = from + i - start;
      const share = at < written ? (i - start + 0.5) / fadeSamples : 1;
      result[at] = (1 - share) * result[at] + share * samples[i];
    }
    written = from + end - start;
  }
  return result;
}

/** Where there is speech, margins included: in order, apart from each other, each longer than a fade. */
function speechPieces(samples: Float32Array): { start: number; end: number }[] {
  const pieces: { start: number; end: number }[] = [];
  const voiceActivity = new VoiceActivityDetector(defaultMfccOptions);
  let hop = 0;
  new StreamingMfcc(defaultMfccOptions).push(toInt16(samples), {
    frame: (_mfcc, logMel) => {
      const speechHops = voiceActivity.push(logMel);
      hop++;
      if (speechHops === 0) return;
      const start = Math.max(0, (hop - speechHops) * hopSamples - marginSamples);
      const end = Math.min(samples.length, (hop - 1) * hopSamples + windowSamples + marginSamples);
      const last = pieces.at(-1);
      if (last !== undefined && start <= last.end) last.end = end;
      else pieces.push({ start, end });
    },
  });
  return pieces;
}
