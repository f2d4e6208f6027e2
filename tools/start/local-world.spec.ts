import { describe, expect, it } from 'vitest';
import { localWorld } from './local-world.ts';
import type { Part } from './part.ts';
import type { Child } from './part-supervisor.ts';

const script = (code: string): Part => ({ name: 'script', args: ['-e', code], env: {}, readyUrl: null });
const ended = (child: Child) => new Promise<string>((resolve) => child.onExit(resolve));

describe('localWorld', () => {
  it('hands on every line of a part, the last one before its end included', async () => {
    const lines: string[] = [];
    const world = localWorld((_part, line) => lines.push(line));
    const child = world.spawn(script('console.log("one"); console.error("two"); process.exitCode = 3'));
    expect(await ended(child)).toBe('code 3');
    expect(lines.sort()).toEqual(['one', 'two']);
  });

  it('gives a part its own variables beside ours', async () => {
    const lines: string[] = [];
    const world = localWorld((_part, line) => lines.push(line));
    const part = {
      ...script('console.log(process.env.GIVEN, Boolean(process.env.PATH))'),
      env: { GIVEN: 'yes' },
    };
    await ended(world.spawn(part));
    expect(lines).toEqual(['yes true']);
  });

  // The grandchild holds the part's output open: `ended` would wait an hour for it, were it not killed as well.
  const withGrandchild = `
    require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 3_600_000)'], { stdio: 'inherit' });
    console.log('spawned');
    setInterval(() => {}, 1_000);`;

  it.each([
    ['is asked to end', (child: Child) => child.terminate(), 'SIGTERM'],
    ['is killed', (child: Child) => child.kill(), 'SIGKILL'],
  ])('leaves nobody behind when a part %s', async (_title, end, outcome) => {
    let spawned = () => {};
    const running = new Promise<void>((resolve) => {
      spawned = resolve;
    });
    const child = localWorld(() => spawned()).spawn(script(withGrandchild));
    const outcomeOf = ended(child);
    await running;
    end(child);
    expect(await outcomeOf).toBe(outcome);
  });

  it('finds a part not ready when nobody answers', async () => {
    const world = localWorld(() => {});
    expect(await world.isReady({ ...script(''), readyUrl: 'http://127.0.0.1:1/ready' })).toBe(false);
  });
});
