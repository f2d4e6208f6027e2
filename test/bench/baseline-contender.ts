import type { BaselineName, BaselineOrder, BaselineReport } from './baseline-process.ts';
import type { Contender, Progress } from './contender.ts';
import { ProbedProcess } from './probed-process.ts';
import type { SpeechTarget } from './speech-sender.ts';

const payloadType = 100;

/** One of the pipelines of public packages that Undertone is held against. */
export class BaselineContender implements Contender {
  readonly name: BaselineName;
  readonly #process: ProbedProcess;
  #streams = 0;

  constructor(name: BaselineName, cpus: readonly number[]) {
    this.name = name;
    this.#process = new ProbedProcess('test/bench/baseline-process.ts', { BASELINE: name }, cpus);
  }

  async resize(streams: number): Promise<SpeechTarget[]> {
    this.#streams = streams;
    const { port } = await this.#report();
    return Array.from({ length: streams }, (_, ssrc) => ({ ip: '127.0.0.1', port, payloadType, ssrc }));
  }

  async read(): Promise<Progress> {
    const { steps, lagsMs } = await this.#report();
    const missed = this.#process.droppedPackets;
    const { cpuMs } = await this.#process.read();
    return { cpuMs, missed, lost: missed, steps, judged: steps, dropped: 0, waiting: 0, lagsMs };
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  async #report(): Promise<BaselineReport> {
    const order: BaselineOrder = { streams: this.#streams };
    return (await this.#process.ask(order)) as BaselineReport;
  }
}
