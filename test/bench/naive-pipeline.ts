import * as tf from '@tensorflow/tfjs';
import meydaModule from 'meyda';
import OpusScript from 'opusscript';
import type { BaselinePipeline } from './baseline-process.ts';
import { useWasm } from './wasm-backend.ts';

/** What its types call the module is, in Node, Meyda itself. */
const Meyda = meydaModule as unknown as { extract(feature: 'mfcc', window: Float32Array): number[] };

const windowSamples = 512;
const hopSamples = 160;
const coefficients = 20;
const framesPerStep = 4;
const decimation = 3;

interface Stream {
  decoder: OpusScript;
  model: tf.Sequential;
  samples: number[];
  features: number[];
}

/**
 * What one builds first, of what one finds first: every stream its own decoder at 48 kHz, its own MFCCs, its own GRU. TensorFlow.js
 * computes in JavaScript, as it does in Node unless it is told otherwise, or in WebAssembly.
 */
export async function createNaivePipeline(onStep: () => void, wasm: boolean): Promise<BaselinePipeline> {
  if (wasm) await useWasm();
  else await tf.setBackend('cpu');
  Object.assign(Meyda, {
    bufferSize: windowSamples,
    sampleRate: 16_000,
    melBands: 40,
    numberOfMFCCCoefficients: coefficients,
    windowingFunction: 'hamming',
  });
  const streams: Stream[] = [];

  function step(stream: Stream): void {
    tf.tidy(() => {
      const input = tf.tensor3d(stream.features, [1, 1, framesPerStep * coefficients]);
      (stream.model.predict(input) as tf.Tensor).dataSync();
    });
    stream.features = [];
    onStep();
  }

  return {
    async addStream() {
      const model = tf.sequential();
      model.add(
        tf.layers.gru({
          units: 128,
          recurrentInitializer: 'glorotUniform',
          stateful: true,
          batchInputShape: [1, 1, framesPerStep * coefficients],
        }),
      );
      model.add(tf.layers.dense({ units: 8, activation: 'softmax' }));
      streams.push({
        decoder: new OpusScript(48_000, 1, OpusScript.Application.VOIP),
        model,
        samples: [],
        features: [],
      });
    },
    receive(index, payload) {
      const stream = streams[index]!;
      const pcm = stream.decoder.decode(payload);
      for (let at = 0; at + 2 * decimation <= pcm.length; at += 2 * decimation) {
        const sum = pcm.readInt16LE(at) + pcm.readInt16LE(at + 2) + pcm.readInt16LE(at + 4);
        stream.samples.push(sum / decimation / 32_768);
      }
      while (stream.samples.length >= windowSamples) {
        stream.features.push(
          ...Meyda.extract('mfcc', Float32Array.from(stream.samples.slice(0, windowSamples))),
        );
        stream.samples = stream.samples.slice(hopSamples);
        if (stream.features.length === framesPerStep * coefficients) step(stream);
      }
    },
    removeStream() {
      const stream = streams.pop();
      stream?.decoder.delete();
      stream?.model.dispose();
    },
  };
}
