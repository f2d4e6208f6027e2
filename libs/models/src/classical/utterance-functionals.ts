import {
  defaultMfccOptions,
  PitchTracker,
  SpectralDescriptors,
  StreamingMfcc,
  VoiceActivityDetector,
  WaveformDescriptors,
} from '@undertone/dsp';

const mfcc = defaultMfccOptions;
/** Neighbouring mel bands are averaged in pairs: half as many numbers say as much. */
const bandPairs = mfcc.melBands / 2;
const voicedFrom = 0.5;
const restingLogHz = Math.log(160);
const framesPerSecond = mfcc.sampleRateHz / mfcc.hopSamples;

const descriptors = [
  ...Array.from({ length: mfcc.coefficients }, (_, i) => `mfcc ${i}`),
  ...Array.from({ length: bandPairs }, (_, i) => `log mel ${2 * i}`),
  'energy',
  'peak',
  'zero crossings',
  'centroid',
  'entropy',
  'flux',
  'voicing',
  'pitch',
];
const D = descriptors.length;
const pitchAt = D - 1;
const voicingAt = D - 2;

const functionals = ['mean', 'deviation', '10 %', '90 %', 'slope', 'Δ deviation', 'ΔΔ deviation'];
const ofTheWhole = ['voiced share', 'voiced runs a second', 'speech share'];

/** What each number of `utteranceFunctionals` is. */
export const functionalNames: readonly string[] = [
  ...descriptors.flatMap((descriptor) => functionals.map((functional) => `${descriptor}: ${functional}`)),
  ...ofTheWhole,
];

/**
 * Statistics of an utterance's descriptors over its frames of speech, in the way of openSMILE's functionals
 * (Eyben et al. 2010): cepstrum, mel bands, energy, peak, zero crossings, spectral centroid, entropy, flux, voicing and
 * pitch (over voiced frames), with their first and second derivatives.
 * @param samples mono 16 kHz
 * @param seconds only the first seconds of speech count
 * @returns `functionalNames.length` numbers; null when there is no speech
 */
export function utteranceFunctionals(
  samples: Int16Array,
  seconds = Number.POSITIVE_INFINITY,
): Float64Array | null {
  const frames = describe(samples);
  const speech = frames.speech.slice(0, Math.round(seconds * framesPerSecond));
  if (speech.length === 0) return null;
  const voiced = speech.filter((t) => frames.values[t * D + voicingAt] >= voicedFrom);
  const result = new Float64Array(functionalNames.length);
  for (let d = 0; d < D; d++) {
    const at = d * functionals.length;
    if (d !== pitchAt) write(frames.values, d, speech, result, at);
    else if (voiced.length > 0) write(frames.values, d, voiced, result, at);
    else result.fill(restingLogHz, at, at + 1);
  }
  const spanned = speech[speech.length - 1] - speech[0] + 1;
  const runs = voiced.filter((t, i) => i === 0 || voiced[i - 1] !== t - 1).length;
  result.set(
    [voiced.length / speech.length, (framesPerSecond * runs) / spanned, speech.length / spanned],
    D * functionals.length,
  );
  return result;
}

/** Descriptors of every frame, [frames, D], and which frames are speech. */
function describe(samples: Int16Array): { values: Float64Array; speech: number[] } {
  const count = Math.max(0, Math.floor((samples.length - mfcc.windowSamples) / mfcc.hopSamples) + 1);
  const values = new Float64Array(count * D);
  const speech: number[] = [];
  const voiceActivity = new VoiceActivityDetector(mfcc);
  const pitch = new PitchTracker(mfcc.sampleRateHz);
  const waveform = new WaveformDescriptors();
  const spectral = new SpectralDescriptors(mfcc.melBands);
  let t = 0;
  new StreamingMfcc(mfcc).push(samples, {
    frame: (cepstrum, logMel, window) => {
      let at = t * D;
      for (const coefficient of cepstrum) values[at++] = coefficient;
      for (let b = 0; b < bandPairs; b++) values[at++] = (logMel[2 * b] + logMel[2 * b + 1]) / 2;
      waveform.push(window);
      spectral.push(logMel);
      values[at++] = waveform.energy;
      values[at++] = waveform.peak;
      values[at++] = waveform.zeroCrossings;
      values[at++] = spectral.centroid;
      values[at++] = spectral.entropy;
      values[at++] = spectral.flux;
      pitch.push(window, t === 0 ? 0 : mfcc.windowSamples - mfcc.hopSamples);
      values[at++] = pitch.voicing;
      values[at] = pitch.logHz;
      if (voiceActivity.push(logMel) > 0) speech.push(t);
      t++;
    },
  });
  return { values, speech };
}

/** Writes the functionals of descriptor `d` over the `frames` named. */
function write(
  values: Float64Array,
  d: number,
  frames: readonly number[],
  target: Float64Array,
  at: number,
): void {
  const last = values.length / D - 1;
  const value = (t: number) => values[Math.min(last, Math.max(0, t)) * D + d];
  // Regression over ±2 frames (The HTK Book, 5.16).
  const delta = (t: number) => (value(t + 1) - value(t - 1) + 2 * (value(t + 2) - value(t - 2))) / 10;
  const own = frames.map(value);
  const sorted = own.toSorted((a, b) => a - b);
  const mean = average(own);
  const middle = average(frames);
  const spread = frames.reduce((sum, t) => sum + (t - middle) ** 2, 0);
  const slope = frames.reduce((sum, t, i) => sum + (t - middle) * (own[i] - mean), 0) / Math.max(1, spread);
  target[at] = mean;
  target[at + 1] = deviation(own);
  target[at + 2] = sorted[Math.floor(0.1 * (sorted.length - 1))];
  target[at + 3] = sorted[Math.ceil(0.9 * (sorted.length - 1))];
  target[at + 4] = slope * framesPerSecond;
  target[at + 5] = deviation(frames.map(delta));
  target[at + 6] = deviation(frames.map((t) => (delta(t + 1) - delta(t - 1)) / 2));
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[]): number {
  const mean = average(values);
  return Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
}
