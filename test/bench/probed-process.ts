import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pin } from './pinning.ts';
import type { ProbeReading, ProbeRequest } from './process-probe.ts';
import { socketDrops } from './socket-drops.ts';

const probe = new URL('./process-probe.ts', import.meta.url).href;
const goodbyeMs = 10_000;

/** A Node process of its own, on the cores it is given, that tells what it uses. */
export class ProbedProcess {
  readonly #child: ChildProcess;
  readonly #name: string;

  /** @param script what Node runs, from the root of the repository @param cpus where it may run */
  constructor(script: string, env: Record<string, string>, cpus: readonly number[]) {
    this.#name = script;
    // The apps as they are built take the built libraries.
    const conditions = script.endsWith('.ts') ? ['--conditions=source'] : [];
    this.#child = spawn(process.execPath, [...conditions, '--expose-gc', '--import', probe, script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    pin(this.pid, cpus);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.#name} could not be started`);
    return this.#child.pid;
  }

  /** Packets that it was too slow for; see `socketDrops`. */
  get droppedPackets(): number {
    return socketDrops(this.pid);
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** @throws Error if the process has ended */
  async read(request: ProbeRequest = 'read'): Promise<ProbeReading> {
    return (await this.ask(request)) as ProbeReading;
  }

  /** Sends a message and waits for the one that comes back. */
  async ask(message: unknown): Promise<unknown> {
    if (this.ended) throw new Error(`${this.#name} has ended`);
    const ended = new AbortController();
    const end = () => ended.abort(new Error(`${this.#name} has ended`));
    this.#child.once('exit', end);
    try {
      this.#child.send(message as object);
      const [answer] = await once(this.#child, 'message', { signal: ended.signal });
      return answer;
    } finally {
      this.#child.off('exit', end);
    }
  }

  /** Ends the process in good order, or kills it after ten seconds. */
  async close(): Promise<void> {
    if (this.ended) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const impatient = setTimeout(() => this.#child.kill('SIGKILL'), goodbyeMs);
    await gone;
    clearTimeout(impatient);
  }
}
