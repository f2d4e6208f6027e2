import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Processors that this process may use; none where `taskset` is missing (anywhere but on Linux). */
export function usableCpus(): number[] {
  const { status, stdout } = spawnSync('taskset', ['-c', '-p', String(process.pid)], { encoding: 'utf8' });
  if (status !== 0) return [];
  const list = stdout.slice(stdout.lastIndexOf(':') + 1).trim();
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i);
  });
}

/** Lets a process, with all its threads, run on `cpus` alone; on all if there are none. */
export function pin(pid: number, cpus: readonly number[]): void {
  if (cpus.length > 0) spawnSync('taskset', ['-a', '-c', '-p', cpus.join(','), String(pid)]);
}

/** Processes that `pid` has started. */
export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
