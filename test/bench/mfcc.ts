/**
 * What does a frame of MFCCs cost beside Meyda and essentia.js? Real speech at 16 kHz, a frame every 10 ms, 40 mel bands, 20
 * coefficients. Ours takes the samples as they stream and windows 400 of them (25 ms); the others want a power of two, and are given
 * 512 samples, already cut and converted; essentia.js has to take them into its own memory. CPU time, ratios within one run.
 *
 *   npm run bench -- mfcc [--rounds 15] [--json]
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { defaultMfccOptions, StreamingMfcc } from '@undertone/dsp';
import meydaModule from 'meyda';
import { readSpeech } from '../bridge/speech-rtp.ts';
import { compare, printComparisons } from './rounds.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } },
});
/** What its types call the module is, in Node, Meyda itself. */
const Meyda = meydaModule as unknown as { extract(feature: 'mfcc', window: Float32Array): number[] };

const require = createRequire(import.meta.url);
/** The package has no types for Node. A vector lies in WebAssembly's memory until `delete`. */
interface Vector {
  get(i: number): number;
  delete(): void;
}
interface Essentia {
  arrayToVector(samples: Float32Array): Vector;
  Windowing(frame: Vector, normalized: boolean, size: number, type: string): { frame: Vector };
  Spectrum(frame: Vector, size: number): { spectrum: Vector };
  MFCC(spectrum: Vector, ...options: (number | string)[]): { bands: Vector; mfcc: Vector };
}
const { Essentia, EssentiaWASM } = require('essentia.js') as {
  Essentia: new (module: unknown) => Essentia;
  EssentiaWASM: unknown;
};

const { hopSamples, melBands, coefficients, sampleRateHz, lowHz, highHz } = defaultMfccOptions;
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

const essentia = new Essentia(EssentiaWASM);
function essentiaJs(): number {
  for (const each of windows) {
    const samples = essentia.arrayToVector(each);
    const { frame } = essentia.Windowing(samples, false, 512, 'hamming');
    const { spectrum } = essentia.Spectrum(frame, 512);
    const { bands, mfcc } = essentia.MFCC(
      spectrum,
      2,
      highHz,
      257,
      0,
      'log',
      lowHz,
      'unit_max',
      melBands,
      coefficients,
      sampleRateHz,
      1e-10,
      'power',
      'htkMel',
      'linear',
    );
    sink += mfcc.get(1);
    for (const vector of [samples, frame, spectrum, bands, mfcc]) vector.delete();
  }
  return windows.length;
}

const rounds = Number(values.rounds);
const comparisons = {
  meyda: await compare(
    [
      ['meyda', meyda],
      ['undertone', ours],
    ],
    rounds,
  ),
  essentia: await compare(
    [
      ['essentia.js', essentiaJs],
      ['undertone', ours],
    ],
    rounds,
  ),
};
if (!Number.isFinite(sink)) throw new Error('the benchmark computed something that is no number');
printComparisons('MFCC, CPU time a frame', comparisons, values.json);
