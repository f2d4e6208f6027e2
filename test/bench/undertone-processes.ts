import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { BridgeClient } from '../../tools/demo-call/bridge-client.ts';
import { childrenOf, pin } from './pinning.ts';
import { ProbedProcess } from './probed-process.ts';
import type { SpeechTarget } from './speech-sender.ts';

export interface Cores {
  /** Processors of bridge and analyzer; empty where they can't be chosen. */
  bridge: readonly number[];
  analyzer: readonly number[];
  /** Of everything that is not measured, mediasoup's worker among it. */
  rest: readonly number[];
}

interface Speaker {
  callId: string;
  id: string;
  target: SpeechTarget;
}

const speakersPerCall = 4;
const readyWithinMs = 60_000;
/** Requests under way at once, as callers come in quick succession. */
const joinsAtOnce = 8;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Bridge and analyzer as they ship (`npm run build`), a process each, with as many speakers as are asked for. */
export class UndertoneProcesses {
  readonly bridge: ProbedProcess;
  readonly analyzer: ProbedProcess;
  readonly #bridgeUrl: string;
  readonly #analyzerUrl: string;
  readonly #client: BridgeClient;
  readonly #speakers: Speaker[] = [];
  #joined = 0;

  /** @param dashboardUrl where points go: `ws://…/ingest` */
  static async start(
    dashboardUrl: string,
    cores: Cores,
    env: Record<string, string> = {},
  ): Promise<UndertoneProcesses> {
    const [bridgePort, analyzerPort] = await freePorts(2);
    const common = { LOG_LEVEL: 'error', ...env };
    const analyzer = new ProbedProcess(
      'apps/analyzer/dist/main.js',
      {
        ...common,
        ANALYZER_PORT: String(analyzerPort),
        ANALYZER_WORKERS: '1',
        DASHBOARD_URL: dashboardUrl,
      },
      cores.analyzer,
    );
    const bridge = new ProbedProcess(
      'apps/sfu-bridge/dist/main.js',
      {
        ...common,
        BRIDGE_PORT: String(bridgePort),
        RTC_PORT: '0',
        MEDIA_WORKERS: '1',
        BRIDGE_WORKERS: '1',
        MAX_CALLS: '1000',
        ANALYSIS_PROFILE: 'demo',
        ANALYZER_URL: `ws://127.0.0.1:${analyzerPort}/ingest`,
      },
      cores.bridge,
    );
    const processes = new UndertoneProcesses(bridge, analyzer, bridgePort!, analyzerPort!);
    try {
      await processes.#ready();
    } catch (error) {
      await processes.close();
      throw error;
    }
    for (const child of childrenOf(bridge.pid)) pin(child, cores.rest);
    return processes;
  }

  private constructor(
    bridge: ProbedProcess,
    analyzer: ProbedProcess,
    bridgePort: number,
    analyzerPort: number,
  ) {
    this.bridge = bridge;
    this.analyzer = analyzer;
    this.#bridgeUrl = `http://127.0.0.1:${bridgePort}`;
    this.#analyzerUrl = `http://127.0.0.1:${analyzerPort}`;
    this.#client = new BridgeClient(this.#bridgeUrl);
  }

  /** Lets speakers join or leave until there are so many. Returns where their RTP goes. */
  async resize(speakers: number): Promise<SpeechTarget[]> {
    while (this.#speakers.length > speakers) {
      const { callId, id } = this.#speakers.pop()!;
      await this.#client.removeSpeaker(callId, id);
    }
    while (this.#speakers.length < speakers) {
      const missing = Math.min(joinsAtOnce, speakers - this.#speakers.length);
      this.#speakers.push(...(await Promise.all(Array.from({ length: missing }, () => this.#join()))));
    }
    return this.#speakers.map(({ target }) => target);
  }

  /** Calls there are, by the order in which they began. */
  get callIds(): string[] {
    return [...new Set(this.#speakers.map(({ callId }) => callId))];
  }

  /** Sum over its labels of a metric, named without its prefix. */
  async bridgeMetrics(): Promise<(name: string) => number> {
    return readMetrics(this.#bridgeUrl, 'undertone_bridge_');
  }

  async analyzerMetrics(): Promise<(name: string) => number> {
    return readMetrics(this.#analyzerUrl, 'undertone_analyzer_');
  }

  async close(): Promise<void> {
    await Promise.all([this.bridge.close(), this.analyzer.close()]);
  }

  async #join(): Promise<Speaker> {
    const n = this.#joined++;
    const callId = `call-${Math.floor(n / speakersPerCall)}`;
    const { speaker, rtp } = await this.#client.addSpeaker(callId, {
      name: `Speaker ${n}`,
      role: 'customer',
      consent: 'granted',
    });
    const { ip, port, payloadType, ssrc } = rtp;
    return { callId, id: speaker.id, target: { ip, port, payloadType, ssrc } };
  }

  async #ready(): Promise<void> {
    const endMs = performance.now() + readyWithinMs;
    for (const url of [this.#analyzerUrl, this.#bridgeUrl]) {
      while (
        !(await fetch(`${url}/ready`).then(
          ({ ok }) => ok,
          () => false,
        ))
      ) {
        if (performance.now() > endMs) throw new Error(`${url} did not become ready within a minute`);
        if (this.bridge.ended || this.analyzer.ended) throw new Error('a process ended before it was ready');
        await sleep(100);
      }
    }
  }
}

async function readMetrics(url: string, prefix: string): Promise<(name: string) => number> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  return (name) => {
    const found = lines.filter(
      (line) => line.startsWith(`${prefix}${name}{`) || line.startsWith(`${prefix}${name} `),
    );
    if (found.length === 0) throw new Error(`${url}/metrics has no ${prefix}${name}`);
    return found.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  };
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
