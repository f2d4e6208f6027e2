export interface AdamWOptions {
  weightDecay: number;
  /** Gradients are scaled down when their joint length exceeds it. */
  clipNorm: number;
}

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019) and clipping of the gradient's global norm, on plain
 * arrays: the model is small, and its whole state can be saved and compared.
 */
export class AdamW {
  readonly #options: AdamWOptions;
  readonly #moments = new Map<string, { first: Float32Array; second: Float32Array }>();
  #steps = 0;

  constructor(options: AdamWOptions) {
    this.#options = options;
  }

  /** Changes each of `weights` in place by its gradient; biases (`…ias`) do not decay. Returns the gradients' norm. */
  update(
    weights: ReadonlyMap<string, Float32Array>,
    gradients: ReadonlyMap<string, Float32Array>,
    learningRate: number,
  ): number {
    this.#steps++;
    const correction1 = 1 - beta1 ** this.#steps;
    const correction2 = 1 - beta2 ** this.#steps;
    let squares = 0;
    for (const gradient of gradients.values()) for (const g of gradient) squares += g * g;
    const norm = Math.sqrt(squares);
    const scale = norm > this.#options.clipNorm ? this.#options.clipNorm / norm : 1;
    for (const [name, weight] of weights) {
      const gradient = gradients.get(name)!;
      const { first, second } = this.#momentsOf(name, weight.length);
      const decay = name.endsWith('ias') ? 0 : learningRate * this.#options.weightDecay;
      for (let i = 0; i < weight.length; i++) {
        const g = scale * gradient[i];
        first[i] += (1 - beta1) * (g - first[i]);
        second[i] += (1 - beta2) * (g * g - second[i]);
        weight[i] -=
          decay * weight[i] +
          (learningRate * (first[i] / correction1)) / (Math.sqrt(second[i] / correction2) + epsilon);
      }
    }
    return norm;
  }

  #momentsOf(name: string, length: number) {
    let moments = this.#moments.get(name);
    if (moments === undefined) {
      moments = { first: new Float32Array(length), second: new Float32Array(length) };
      this.#moments.set(name, moments);
    }
    return moments;
  }
}
