import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { checkout } from '../setup/checkout.mjs';
import type { Part } from './part.ts';
import type { Child, World } from './part-supervisor.ts';

const readyAnswerMs = 1_000;

/** A part as a process of this machine. */
interface LocalChild extends Child {
  /** undefined if it could not be started. */
  readonly pid: number | undefined;
}

export interface LocalWorld extends World {
  spawn(part: Part): LocalChild;
}

/** The real world: processes of this machine, its clock, HTTP. `onLine` gets each line that a part prints. */
export function localWorld(onLine: (part: Part, line: string) => void): LocalWorld {
  return {
    spawn: (part) => spawnPart(part, onLine),
    isReady,
    nowMs: () => performance.now(),
    after(delayMs, action) {
      const timer = setTimeout(action, delayMs);
      return () => clearTimeout(timer);
    },
  };
}

function spawnPart(part: Part, onLine: (part: Part, line: string) => void): LocalChild {
  const child = spawn(process.execPath, part.args, {
    cwd: checkout,
    env: { ...process.env, ...part.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own: Ctrl-C in the terminal reaches us alone, and we end the parts in good order.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => onLine(part, line));
  }
  const killGroup = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left.
    }
  };
  return {
    pid: child.pid,
    onExit(listener) {
      // A mediasoup worker must not outlive its bridge.
      child.once('exit', killGroup);
      let failure = '';
      child.once('error', (error) => {
        failure = error.message;
      });
      // Not `exit`: `close` comes after the last line has been read.
      child.once('close', (code, signal) => listener(failure || signal || `code ${code}`));
    },
    terminate: () => child.kill('SIGTERM'),
    kill: killGroup,
  };
}

async function isReady(part: Part): Promise<boolean> {
  if (part.readyUrl === null) return true;
  try {
    return (await fetch(part.readyUrl, { signal: AbortSignal.timeout(readyAnswerMs) })).ok;
  } catch {
    return false;
  }
}
