import type { Speaker } from '@undertone/wire';

/**
 * Which of `workers` has this speaker: always the same for the same call and speaker, and about as many for each worker.
 * FNV-1a (Fowler, Noll, Vo; 32 bits) of `callId/speakerId`, whose upper bits are folded in because its lowest are weak.
 */
export function workerOf({ callId, id }: Pick<Speaker, 'callId' | 'id'>, workers: number): number {
  if (workers === 1) return 0;
  const key = `${callId}/${id}`;
  let hash = 0x811c_9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x0100_0193);
  return ((hash ^ (hash >>> 15)) >>> 0) % workers;
}
