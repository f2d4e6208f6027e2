import {
  type MfccOptions,
  PitchTracker,
  StreamingMfcc,
  VoiceActivityDetector,
  WaveformDescriptors,
} from '@undertone/dsp';
import type { SpeechFrames } from './speech-frames.ts';

/**
 * The frames of a whole recording, as live audio would give them one by one.
 * @param hasWaveform whether the waveform's descriptors are among them
 */
export function extractFrames(samples: Int16Array, mfcc: MfccOptions, hasWaveform: boolean): SpeechFrames {
  const { melBands, windowSamples, hopSamples } = mfcc;
  const count = Math.max(0, Math.floor((samples.length - windowSamples) / hopSamples) + 1);
  const frames: SpeechFrames = {
    bands: melBands,
    logMel: new Float32Array(count * melBands),
    pitch: new Float32Array(2 * count),
    waveform: hasWaveform ? new Float32Array(3 * count) : null,
    speech: new Uint8Array(count),
  };
  const voiceActivity = new VoiceActivityDetector(mfcc);
  const pitch = new PitchTracker(mfcc.sampleRateHz);
  const waveform = new WaveformDescriptors();
  const overlapSamples = windowSamples - hopSamples;
  let frame = 0;
  new StreamingMfcc(mfcc).push(samples, {
    frame: (_mfcc, logMel, window) => {
      pitch.push(window, overlapSamples);
      frames.pitch[2 * frame] = pitch.logHz;
      frames.pitch[2 * frame + 1] = pitch.voicing;
      if (frames.waveform !== null) {
        waveform.push(window);
        frames.waveform[3 * frame] = waveform.energy;
        frames.waveform[3 * frame + 1] = waveform.peak;
        frames.waveform[3 * frame + 2] = waveform.zeroCrossings;
      }
      frames.logMel.set(logMel, frame * melBands);
      frames.speech[frame++] = voiceActivity.push(logMel) > 0 ? 1 : 0;
    },
  });
  return frames;
}
