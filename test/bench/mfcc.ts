/**
 * What does a frame of MFCCs cost beside Meyda? Real speech at 16 kHz, a frame every 10 ms, 40 mel bands, 20 coefficients.
 * Ours takes the samples as they stream and windows 400 of them (25 ms); Meyda wants a power of two, and is given views of 512
 * samples, already cut and converted. CPU time, ratios within one run.
 *
 *   npm run bench -- mfcc [--rounds 15] [--json]
 */
import { parseArgs } from 'node:util';
import { defaultMfccOptions, StreamingMfcc } from '@undertone/dsp';
import meydaModule from 'meyda';
import { readSpeech } from '../bridge/speech-rtp.ts';
import { compare, printComparison } from './rounds.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } },
});
/** What its types call the module is, in Node, Meyda itself. */
const Meyda = meydaModule as unknown as { extract(feature: 'mfcc', window: Float32Array): number[] };

const { hopSamples, melBands, coefficients, sampleRateHz } = defaultMfccOptions;
const speech = readSpeech('11b09Fd');

const streaming = new StreamingMfcc(defaultMfccOptions);
let frames = 0;
let sink = 0;
const counter = {
  frame: (mfcc: Float32Array) => {
    frames++;
    sink += mfcc[1];
  },
};
function ours(): number {
  frames = 0;
  // In pieces of 40 ms, as they come from the bridge.
  for (let at = 0; at + 640 <= speech.length; at += 640)
    streaming.push(speech.subarray(at, at + 640), counter);
  return frames;
}

Object.assign(Meyda, {
  bufferSize: 512,
  sampleRate: sampleRateHz,
  melBands,
  numberOfMFCCCoefficients: coefficients,
  windowingFunction: 'hamming',
});
const scaled = Float32Array.from(speech, (sample) => sample / 32_768);
const windows: Float32Array[] = [];
for (let at = 0; at + 512 <= scaled.length; at += hopSamples) windows.push(scaled.subarray(at, at + 512));
function meyda(): number {
  for (const each of windows) {
    sink += Meyda.extract('mfcc', each)[1];
  }
  return windows.length;
}

const comparison = await compare(
  [
    ['meyda', meyda],
    ['undertone', ours],
  ],
  Number(values.rounds),
);
if (!Number.isFinite(sink)) throw new Error('the benchmark computed nothing that is a number');
printComparison('MFCC, CPU time a frame', comparison, values.json);
