import { beforeEach, describe, expect, it } from 'vitest';
import type { Part } from './part.ts';
import { type Child, PartFailure, PartSupervisor, type World } from './part-supervisor.ts';

const bridge: Part = { name: 'bridge', args: [], env: {}, readyUrl: 'http://127.0.0.1:4100/ready' };

class ScriptedChild implements Child {
  terminated = false;
  killed = false;
  #listener: (outcome: string) => void = () => {};

  onExit(listener: (outcome: string) => void): void {
    this.#listener = listener;
  }
  terminate(): void {
    this.terminated = true;
  }
  kill(): void {
    this.killed = true;
  }
  end(outcome: string): void {
    this.#listener(outcome);
  }
}

/** Processes that do as they are told, and a clock that moves only when it is told to. */
class ScriptedWorld implements World {
  readonly children: ScriptedChild[] = [];
  ready = true;
  #nowMs = 0;
  readonly #timers = new Set<{ atMs: number; action: () => void }>();

  spawn(): Child {
    const child = new ScriptedChild();
    this.children.push(child);
    return child;
  }
  async isReady(): Promise<boolean> {
    return this.ready;
  }
  nowMs(): number {
    return this.#nowMs;
  }
  after(delayMs: number, action: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves the clock, running what falls due on the way, and letting promises settle after each. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      await settle();
      const next = [...this.#timers].sort((a, b) => a.atMs - b.atMs)[0];
      if (!next || next.atMs > untilMs) break;
      this.#timers.delete(next);
      this.#nowMs = next.atMs;
      next.action();
    }
    this.#nowMs = untilMs;
  }
  get last(): ScriptedChild {
    return this.children[this.children.length - 1]!;
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('PartSupervisor', () => {
  let world: ScriptedWorld;
  let crashes: { outcome: string; restartMs: number | null }[];
  let supervisor: PartSupervisor;

  beforeEach(() => {
    world = new ScriptedWorld();
    crashes = [];
    supervisor = new PartSupervisor(bridge, world, (_part, outcome, restartMs) => {
      crashes.push({ outcome, restartMs });
    });
  });

  it('has started a part once the part says that it is ready', async () => {
    world.ready = false;
    let started = false;
    const start = supervisor.start().then(() => {
      started = true;
    });
    await world.advance(1_000);
    expect(started).toBe(false);
    world.ready = true;
    await world.advance(1_000);
    await start;
    expect(world.children).toHaveLength(1);
  });

  it('fails to start a part that ends before it is ready, and does not try again', async () => {
    world.ready = false;
    const start = supervisor.start();
    const failure = expect(start).rejects.toThrow(new PartFailure(bridge, 'it ended with code 1'));
    await world.advance(500);
    world.last.end('code 1');
    await failure;
    await world.advance(120_000);
    expect(world.children).toHaveLength(1);
    expect(crashes).toEqual([]);
  });

  it('fails to start a part that is not ready within a minute', async () => {
    world.ready = false;
    const failure = expect(supervisor.start()).rejects.toThrow(
      'The bridge did not start: it was not ready within 60 s.',
    );
    await world.advance(61_000);
    await failure;
  });

  it('starts a crashed part again with pauses that grow, and gives up after five in a row', async () => {
    await supervisor.start();
    for (let crash = 1; crash <= 6; crash += 1) {
      world.last.end('SIGSEGV');
      await world.advance(20_000);
    }
    expect(crashes.map(({ restartMs }) => restartMs)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, null]);
    expect(world.children).toHaveLength(6);
  });

  it('forgets the crashes of a part that has run for a minute since', async () => {
    await supervisor.start();
    for (let crash = 1; crash <= 10; crash += 1) {
      world.last.end('code 1');
      await world.advance(70_000);
    }
    expect(crashes.map(({ restartMs }) => restartMs)).toEqual(Array(10).fill(1_000));
  });

  it('asks a part to end, and does not start it again', async () => {
    await supervisor.start();
    const stopped = supervisor.stop();
    expect(world.last.terminated).toBe(true);
    world.last.end('SIGTERM');
    await stopped;
    await world.advance(120_000);
    expect(world.last.killed).toBe(false);
    expect(world.children).toHaveLength(1);
    expect(crashes).toEqual([]);
  });

  it('kills a part that does not end when asked', async () => {
    await supervisor.start();
    const stopped = supervisor.stop();
    await world.advance(7_000);
    expect(world.last.killed).toBe(false);
    await world.advance(2_000);
    expect(world.last.killed).toBe(true);
    world.last.end('SIGKILL');
    await stopped;
  });

  it('kills a part at once when there is no more patience', async () => {
    await supervisor.start();
    const stopped = supervisor.stop();
    supervisor.kill();
    expect(world.last.killed).toBe(true);
    world.last.end('SIGKILL');
    await stopped;
  });

  it('does not start a part whose restart was pending when it was stopped', async () => {
    await supervisor.start();
    world.last.end('code 1');
    await supervisor.stop();
    await world.advance(120_000);
    expect(world.children).toHaveLength(1);
  });

  it('can be stopped twice', async () => {
    await supervisor.start();
    const stopped = supervisor.stop();
    world.last.end('code 0');
    await stopped;
    await supervisor.stop();
  });
});
