import * as tf from '@tensorflow/tfjs';
import { createDecoder, type OpusDecoderHandle } from 'libopus-wasm';
import type { BaselinePipeline } from './baseline-process.ts';
import { ScalarMfcc } from './scalar-mfcc.ts';
import { useWasm } from './wasm-backend.ts';

const units = 128;
const coefficients = 20;
const framesPerStep = 4;
const inputs = framesPerStep * coefficients;
const classes = 8;
const batchSize = 256;
const tickMs = 40;

interface Stream {
  decoder: OpusDecoderHandle;
  mfcc: ScalarMfcc;
  features: Float32Array;
  frames: number;
  /** Steps of `inputs` that wait. */
  waiting: Float32Array[];
  state: Float32Array;
}

/** What an able engineer builds of public packages: 16 kHz from the decoder, scalar MFCC, one batched GRU for all streams. */
export async function createStrongPipeline(onStep: () => void): Promise<BaselinePipeline> {
  await useWasm();
  const weights = {
    kernel: tf.randomNormal([inputs, 3 * units], 0, 0.1),
    recurrent: tf.randomNormal([units, 3 * units], 0, 0.1),
    bias: tf.zeros([3 * units]),
    output: tf.randomNormal([units, classes], 0, 0.1),
  };
  const streams: Stream[] = [];

  function step(round: Stream[]): void {
    const features = new Float32Array(round.length * inputs);
    const states = new Float32Array(round.length * units);
    round.forEach((stream, i) => {
      features.set(stream.waiting.shift()!, i * inputs);
      states.set(stream.state, i * units);
    });
    const next = tf.tidy(() => {
      const before = tf.tensor2d(states, [round.length, units]);
      const input = tf.tensor2d(features, [round.length, inputs]).matMul(weights.kernel).add(weights.bias);
      const [inputZ, inputR, inputN] = tf.split(input, 3, 1);
      const [stateZ, stateR, stateN] = tf.split(before.matMul(weights.recurrent), 3, 1);
      const z = tf.sigmoid(inputZ!.add(stateZ!));
      const r = tf.sigmoid(inputR!.add(stateR!));
      const n = tf.tanh(inputN!.add(r.mul(stateN!)));
      const after = z.mul(before).add(tf.sub(1, z).mul(n));
      tf.softmax(after.matMul(weights.output)).dataSync();
      return after.dataSync() as Float32Array;
    });
    round.forEach((stream, i) => {
      stream.state.set(next.subarray(i * units, (i + 1) * units));
      onStep();
    });
  }

  setInterval(() => {
    for (let waiting = streams; waiting.length > 0; ) {
      waiting = waiting.filter((stream) => stream.waiting.length > 0);
      for (let at = 0; at < waiting.length; at += batchSize) step(waiting.slice(at, at + batchSize));
    }
  }, tickMs);

  return {
    async addStream() {
      const stream: Stream = {
        decoder: await createDecoder({ sampleRate: 16_000, channels: 1, maxFrameSize: 1_920 }),
        mfcc: new ScalarMfcc(),
        features: new Float32Array(inputs),
        frames: 0,
        waiting: [],
        state: new Float32Array(units),
      };
      streams.push(stream);
    },
    receive(index, payload) {
      const stream = streams[index]!;
      stream.mfcc.push(stream.decoder.decode(payload), (mfcc) => {
        stream.features.set(mfcc, stream.frames * coefficients);
        if (++stream.frames < framesPerStep) return;
        stream.frames = 0;
        stream.waiting.push(stream.features.slice());
      });
    },
    removeStream() {
      streams.pop()?.decoder.free();
    },
  };
}
