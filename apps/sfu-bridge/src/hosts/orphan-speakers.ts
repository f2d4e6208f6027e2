import type { Call } from '../calls/call.ts';
import type { CallSpeaker } from '../calls/call-speaker.ts';

interface Orphan {
  call: Call;
  speaker: CallSpeaker;
  sinceMs: number;
}

/**
 * Speakers whose host is not connected: nothing of them arrives, but they stay in their calls for a little while, so that
 * a host that comes back goes on with them, and not with others of the same name.
 */
export class OrphanSpeakers {
  readonly #keepMs: number;
  readonly #orphans = new Map<string, Orphan>();

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  get size(): number {
    return this.#orphans.size;
  }

  keep(call: Call, speaker: CallSpeaker, nowMs: number): void {
    this.#orphans.set(keyOf(call.id, speaker.id), { call, speaker, sinceMs: nowMs });
  }

  /** Hands the speaker to a host that announces it; undefined if there is none to go on with. */
  claim(callId: string, speakerId: string): { call: Call; speaker: CallSpeaker } | undefined {
    const key = keyOf(callId, speakerId);
    const orphan = this.#orphans.get(key);
    this.#orphans.delete(key);
    return orphan?.call.closed ? undefined : orphan;
  }

  /** Takes those out of their calls for whom no host came back in time. */
  removeOld(nowMs: number): void {
    for (const [key, { call, speaker, sinceMs }] of this.#orphans) {
      if (nowMs - sinceMs < this.#keepMs && !call.closed) continue;
      this.#orphans.delete(key);
      call.remove(speaker);
    }
  }
}

/** Identifiers contain no slash. */
const keyOf = (callId: string, speakerId: string): string => `${callId}/${speakerId}`;
