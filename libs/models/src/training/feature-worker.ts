import { parentPort, workerData } from 'node:worker_threads';
import type { MfccOptions } from '@undertone/dsp';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { FeatureCache } from './feature-cache.ts';
import type { FeatureSource } from './feature-source.ts';
import type { SpeechFrames } from './speech-frames.ts';
import type { WaveformEffects } from './waveform-options.ts';

/** What a worker is started with. */
export interface FeatureWorkerData {
  folder: string;
  mfcc: MfccOptions;
  effects: WaveformEffects;
  preprocessing: Preprocessing;
  hasWaveform: boolean;
}

/** What it answers to a `FeatureSource`: its frames, or why there are none. */
export type FeatureAnswer = SpeechFrames | string;

const { folder, mfcc, effects, preprocessing, hasWaveform } = workerData as FeatureWorkerData;
const cache = new FeatureCache(folder, mfcc, effects, preprocessing, hasWaveform);

parentPort!.on('message', async (source: FeatureSource) => {
  try {
    const frames = await cache.frames(source);
    const arrays = Object.values(frames).filter((value) => ArrayBuffer.isView(value));
    parentPort!.postMessage(frames, [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))]);
  } catch (error) {
    parentPort!.postMessage(error instanceof Error ? error.message : String(error));
  }
});
