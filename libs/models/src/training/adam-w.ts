export interface AdamWOptions {
  /** Decoupled L2: each kernel shrinks by this share of the rate. */
  weightDecay: number;
  /** Decoupled L1: each kernel moves towards 0 by this much of the rate (a proximal step, so it reaches 0 and stays). */
  l1Penalty: number;
  /** Gradients are scaled down when their joint length exceeds it. */
  clipNorm: number;
}

export interface AdamWState {
  steps: number;
  /** By weight: running means of the gradient and of its square. */
  moments: Map<string, { first: Float32Array; second: Float32Array }>;
}

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019), soft thresholding for L1, and clipping of the gradient's global norm, on plain
 * arrays: the model is small, and its whole state can be saved and compared.
 */
export class AdamW {
  readonly #options: AdamWOptions;
  readonly #state: AdamWState;

  /** @param state where another optimiser was: this one goes on from there, and changes it */
  constructor(options: AdamWOptions, state: AdamWState = { steps: 0, moments: new Map() }) {
    this.#options = options;
    this.#state = state;
  }

  /** Changes each of `weights` in place by its gradient; those with a gradient; biases and scales neither decay nor shrink. Returns the gradients' norm. */
  update(
    weights: ReadonlyMap<string, Float32Array>,
    gradients: ReadonlyMap<string, Float32Array>,
    learningRate: number,
  ): number {
    const steps = ++this.#state.steps;
    // The corrections of the young moments (1 − βⁿ), moved out of the loop.
    const correction2 = Math.sqrt(1 - beta2 ** steps);
    const stepSize = (learningRate * correction2) / (1 - beta1 ** steps);
    const floor = epsilon * correction2;
    let squares = 0;
    for (const gradient of gradients.values()) for (const g of gradient) squares += g * g;
    const norm = Math.sqrt(squares);
    const scale = norm > this.#options.clipNorm ? this.#options.clipNorm / norm : 1;
    for (const [name, gradient] of gradients) {
      const weight = weights.get(name)!;
      const { first, second } = this.#momentsOf(name, weight.length);
      const isBias = /(ias|scale)$/.test(name);
      const decay = isBias ? 0 : learningRate * this.#options.weightDecay;
      const shrinkage = isBias ? 0 : learningRate * this.#options.l1Penalty;
      for (let i = 0; i < weight.length; i++) {
        const g = scale * gradient[i];
        const direction = first[i] + (1 - beta1) * (g - first[i]);
        const size = second[i] + (1 - beta2) * (g * g - second[i]);
        first[i] = direction;
        second[i] = size;
        const moved = weight[i] - decay * weight[i] - (stepSize * direction) / (Math.sqrt(size) + floor);
        weight[i] = shrinkage === 0 ? moved : Math.sign(moved) * Math.max(0, Math.abs(moved) - shrinkage);
      }
    }
    return norm;
  }

  #momentsOf(name: string, length: number) {
    let moments = this.#state.moments.get(name);
    if (moments === undefined) {
      moments = { first: new Float32Array(length), second: new Float32Array(length) };
      this.#state.moments.set(name, moments);
    }
    return moments;
  }
}
