import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localWorld } from '../../tools/start/local-world.ts';
import type { Part } from '../../tools/start/part.ts';
import { PartSupervisor } from '../../tools/start/part-supervisor.ts';

export type AppName = 'sfu-bridge' | 'analyzer' | 'dashboard';

/** All of Undertone as `npm start` runs it: three processes on free ports, each started again when it dies. */
export class UndertoneProcesses {
  readonly urls: Readonly<Record<AppName, string>>;
  /** What the processes printed last, for error messages. */
  readonly lines: string[] = [];
  readonly #pids = new Map<string, number>();
  #supervisors: PartSupervisor[] = [];
  /** The history of these processes alone: it must outlive the dashboard's death, and no test. */
  readonly #dataFolder: string;

  /** @param env settings beside the ports */
  static async start(env: Record<string, string> = {}): Promise<UndertoneProcesses> {
    const [bridge, analyzer, dashboard] = await freePorts(3);
    const dataFolder = await mkdtemp(join(tmpdir(), 'undertone-data-'));
    const urls = {
      'sfu-bridge': `http://127.0.0.1:${bridge}`,
      analyzer: `http://127.0.0.1:${analyzer}`,
      dashboard: `http://127.0.0.1:${dashboard}`,
    };
    const processes = new UndertoneProcesses(urls, dataFolder);
    await processes.#start({
      LOG_LEVEL: 'info',
      BRIDGE_PORT: `${bridge}`,
      ANALYZER_PORT: `${analyzer}`,
      DASHBOARD_PORT: `${dashboard}`,
      DATA_FOLDER: dataFolder,
      RTC_PORT: '0',
      MEDIA_WORKERS: '1',
      BRIDGE_WORKERS: '1',
      ANALYZER_WORKERS: '1',
      ANALYZER_URL: `ws://127.0.0.1:${analyzer}/ingest`,
      DASHBOARD_URL: `ws://127.0.0.1:${dashboard}/ingest`,
      ...env,
    });
    return processes;
  }

  private constructor(urls: Record<AppName, string>, dataFolder: string) {
    this.urls = urls;
    this.#dataFolder = dataFolder;
  }

  pid(app: AppName): number {
    const pid = this.#pids.get(app);
    if (pid === undefined) throw new Error(`the ${app} is not running`);
    return pid;
  }

  /** Sends a signal to the app's own process. Returns the wall clock at which it did. */
  signal(app: AppName, signal: NodeJS.Signals): number {
    process.kill(this.pid(app), signal);
    return Date.now();
  }

  /** The answer of `/health`; null while nobody answers. */
  async health<Details>(app: AppName): Promise<{ status: string; details: Details } | null> {
    const answer = await this.#get(app, 'health');
    return answer === null ? null : JSON.parse(answer);
  }

  /** The sum of a metric over its labels; null while nobody answers. */
  async metric(app: AppName, name: string): Promise<number | null> {
    const text = await this.#get(app, 'metrics');
    if (text === null) return null;
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    if (lines.length === 0) throw new Error(`the ${app} has no metric ${name}`);
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#supervisors.map((supervisor) => supervisor.stop()));
    await rm(this.#dataFolder, { recursive: true, force: true });
  }

  async #start(env: Record<string, string>): Promise<void> {
    const world = localWorld((part, line) => {
      this.lines.push(`${part.name}: ${line}`);
      if (this.lines.length > 200) this.lines.shift();
    });
    const supervised = {
      ...world,
      spawn: (part: Part) => {
        const child = world.spawn(part);
        if (child.pid !== undefined) this.#pids.set(part.name, child.pid);
        return child;
      },
    };
    const loader = new URL('./app-source.mjs', import.meta.url).href;
    this.#supervisors = Object.entries(this.urls).map(([name, url]) => {
      const args = ['--conditions=source', `--import=${loader}`, `apps/${name}/src/main.ts`];
      // Not `/ready`: that also asks for the built web pages, which no test of this needs.
      const part: Part = { name, args, env, readyUrl: `${url}/health` };
      return new PartSupervisor(part, supervised, () => this.#pids.delete(name));
    });
    try {
      await Promise.all(this.#supervisors.map((supervisor) => supervisor.start()));
    } catch (error) {
      await this.close();
      throw new Error(`${error}\n${this.lines.join('\n')}`);
    }
  }

  async #get(app: AppName, path: string): Promise<string | null> {
    try {
      const response = await fetch(`${this.urls[app]}/${path}`, { signal: AbortSignal.timeout(2_000) });
      return await response.text();
    } catch {
      return null;
    }
  }
}

/** Ports that nobody listens on just now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
