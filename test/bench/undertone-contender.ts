import type { Contender, Progress } from './contender.ts';
import { PointsSink } from './points-sink.ts';
import type { SpeechTarget } from './speech-sender.ts';
import { type Cores, UndertoneProcesses } from './undertone-processes.ts';

/** Bridge and analyzer as they ship, whose points go to a stand-in for the dashboard. */
export class UndertoneContender implements Contender {
  readonly name = 'undertone';
  readonly processes: UndertoneProcesses;
  readonly #sink: PointsSink;

  static async start(cores: Cores): Promise<UndertoneContender> {
    const sink = await PointsSink.open();
    return new UndertoneContender(await UndertoneProcesses.start(sink.url, cores), sink);
  }

  private constructor(processes: UndertoneProcesses, sink: PointsSink) {
    this.processes = processes;
    this.#sink = sink;
  }

  resize(streams: number): Promise<SpeechTarget[]> {
    return this.processes.resize(streams);
  }

  async read(): Promise<Progress> {
    const lagsMs = this.#sink.takeAgesMs();
    const bridge = await this.processes.bridgeMetrics();
    const analyzer = await this.processes.analyzerMetrics();
    const [{ cpuMs }, { cpuMs: analyzerCpuMs }] = await Promise.all([
      this.processes.bridge.read(),
      this.processes.analyzer.read(),
    ]);
    const judged = analyzer('steps_total');
    return {
      cpuMs: cpuMs + analyzerCpuMs,
      missed: this.processes.bridge.droppedPackets,
      lost: bridge('rtp_lost_total'),
      steps: judged + analyzer('silent_steps_total'),
      judged,
      dropped:
        bridge('frames_dropped_total') + analyzer('steps_dropped_total') + analyzer('points_dropped_total'),
      waiting: bridge('queued_frames') + analyzer('waiting_steps'),
      lagsMs,
    };
  }

  async close(): Promise<void> {
    await this.processes.close();
    this.#sink.close();
  }
}
