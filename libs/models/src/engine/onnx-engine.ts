import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { EmotionModel } from '../model/emotion-model.ts';
import type { EmotionEngine, StepBatch } from './emotion-engine.ts';
import { checkStepBatch } from './step-batch-check.ts';

/** ONNX Runtime on the CPU, one thread: speakers are batched, and other cores serve other processes. */
export class OnnxEngine implements EmotionEngine {
  readonly name = 'onnx-cpu';
  readonly #model: EmotionModel;
  #session: InferenceSession | null;

  private constructor(model: EmotionModel, session: InferenceSession) {
    this.#model = model;
    this.#session = session;
  }

  static async create(model: EmotionModel): Promise<OnnxEngine> {
    const session = await InferenceSession.create(model.onnx, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
    });
    return new OnnxEngine(model, session);
  }

  async step(batch: StepBatch): Promise<void> {
    checkStepBatch(this.#model, batch);
    if (this.#session === null) throw new Error('the engine is closed');
    const { stepFeatureCount: F, stateSize: S, outputCount } = this.#model;
    const { steps: T, speakers: N } = batch;
    const results = await this.#session.run({
      features: new Tensor('float32', batch.features.subarray(0, T * N * F), [T, N, F]),
      state: new Tensor('float32', batch.state.subarray(0, N * S), [N, S]),
    });
    batch.outputs.set(results.outputs.data as Float32Array);
    batch.state.set(results.nextState.data as Float32Array);
    if (results.outputs.dims[2] !== outputCount)
      throw new Error('the graph has other outputs than its manifest');
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.release();
  }
}
