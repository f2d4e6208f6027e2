import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

type Read<T> = () => T;

/**
 * An app's Prometheus metrics; every name begins with `undertone_<app>_`. The parts keep plain counts, read when Prometheus
 * asks, so that counting costs them nothing; only distributions are observed as they happen. Node's own are among them:
 * memory, garbage collection, CPU time and event-loop lag.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #prefix: string;
  readonly #prepare: () => Promise<void>;

  /** @param prepare awaited before the counts are read */
  constructor(app: string, prepare: () => Promise<void> = async () => {}) {
    this.#prepare = prepare;
    this.#prefix = `undertone_${app}_`;
    collectDefaultMetrics({ register: this.#registry, prefix: this.#prefix });
  }

  /** All of them in Prometheus's text format. */
  async read(): Promise<string> {
    await this.#prepare();
    return this.#registry.metrics();
  }

  gauge(name: string, help: string, read: Read<number>): void {
    new Gauge({
      ...this.#named(name, help),
      collect() {
        this.set(read());
      },
    });
  }

  /** @param read a value for each value of `label`; what is null is left out */
  labelledGauge(name: string, help: string, label: string, read: Read<Record<string, number | null>>): void {
    new Gauge({
      ...this.#named(name, help),
      labelNames: [label],
      collect() {
        this.reset();
        for (const [value, number] of Object.entries(read()))
          if (number !== null) this.set({ [label]: value }, number);
      },
    });
  }

  /** @param read never falls */
  counter(name: string, help: string, read: Read<number>): void {
    new Counter({
      ...this.#named(name, help),
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  /** @param read a count for each value of `label`; none ever falls */
  labelledCounter(
    name: string,
    help: string,
    label: string,
    read: Read<Readonly<Record<string, number>>>,
  ): void {
    new Counter({
      ...this.#named(name, help),
      labelNames: [label],
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
      },
    });
  }

  /** Observed by its caller. */
  histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ ...this.#named(name, help), buckets });
  }

  #named(name: string, help: string) {
    return { name: this.#prefix + name, help, registers: [this.#registry] };
  }
}
