import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { encodeOnnxModel } from '../export/onnx-message.ts';
import { stepGraph } from '../export/step-graph.ts';
import type { EmotionModel } from '../model/emotion-model.ts';
import { ModelError } from '../model/model-error.ts';
import type { EmotionEngine, StepBatch } from './emotion-engine.ts';
import { checkStepBatch } from './step-batch-check.ts';

/** What Dawn, the WebGPU inside ONNX Runtime, drives a GPU through. */
const drivers: Partial<Record<NodeJS.Platform, string>> = { darwin: 'metal', win32: 'd3d12' };

/**
 * Speakers in a batch for which the provider picks other shaders; those of all other sizes are among them. Compiled beforehand,
 * so that no tick waits until a shader is compiled.
 */
const speakersOfShaders = [1, 2, 4, 9, 128];

/**
 * ONNX Runtime on a GPU, through its WebGPU provider. It runs one step at a time in plain operators (`stepGraph`), all of them on the GPU: a
 * node that would fall back to the CPU is an error. `run` of onnxruntime-node holds the thread until the GPU is done.
 */
export class WebgpuEngine implements EmotionEngine {
  readonly name = `webgpu-${drivers[process.platform] ?? 'vulkan'}`;
  readonly #model: EmotionModel;
  #session: InferenceSession | null;

  private constructor(model: EmotionModel, session: InferenceSession) {
    this.#model = model;
    this.#session = session;
  }

  /** @throws ModelError `engine-unavailable` when there is no provider for this platform or no GPU that it can use */
  static async create(model: EmotionModel): Promise<WebgpuEngine> {
    if (!listSupportedBackends().some(({ name }) => name === 'webgpu')) {
      throw new ModelError(
        'engine-unavailable',
        `onnxruntime-node brings no WebGPU provider for ${process.platform}-${process.arch}: choose the onnx engine`,
      );
    }
    const graph = stepGraph(model.network, model.tensors, model.manifest.temperature);
    const session = await createSession(encodeOnnxModel(graph, model.manifest.name));
    const engine = new WebgpuEngine(model, session);
    try {
      await engine.#compileShaders();
    } catch (error) {
      await engine.close();
      throw error;
    }
    return engine;
  }

  async step(batch: StepBatch): Promise<void> {
    checkStepBatch(this.#model, batch);
    const { stepFeatureCount: F, stateSize: S, outputCount } = this.#model;
    const { steps: T, speakers: N } = batch;
    for (let t = 0; t < T; t++) {
      if (this.#session === null) throw new Error('the engine is closed');
      const features = batch.features.subarray(t * N * F, (t + 1) * N * F);
      const results = await this.#session.run({
        features: new Tensor('float32', features, [1, N, F]),
        state: new Tensor('float32', batch.state.subarray(0, N * S), [N, S]),
      });
      batch.outputs.set(results.outputs.data as Float32Array, t * N * outputCount);
      batch.state.set(results.nextState.data as Float32Array);
    }
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.release();
  }

  async #compileShaders(): Promise<void> {
    const { stepFeatureCount: F, stateSize: S, outputCount } = this.#model;
    for (const speakers of speakersOfShaders) {
      await this.step({
        steps: 1,
        speakers,
        features: new Float32Array(speakers * F),
        state: new Float32Array(speakers * S),
        outputs: new Float32Array(speakers * outputCount),
      });
    }
  }
}

async function createSession(onnx: Uint8Array): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(onnx, {
      executionProviders: ['webgpu'],
      graphOptimizationLevel: 'all',
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    });
  } catch (cause) {
    if (!(cause instanceof Error && cause.message.includes('WebGPU adapter'))) throw cause;
    throw new ModelError(
      'engine-unavailable',
      'no GPU was found that WebGPU can use: install its driver (on Linux one for Vulkan, and libvulkan1; see vulkaninfo --summary), or choose the onnx engine',
      { cause },
    );
  }
}
