import { ribbonStepMs } from '@undertone/wire';
import { nextUrgency, type Urgency, voiceUrgency } from './call-urgency.ts';
import type { WallCall, WallSpeaker } from './wall-feed.ts';
import { shownVoices, type WallFilter } from './wall-filter.ts';

export interface RankedCall {
  call: WallCall;
  /** Those that the filter leaves. */
  voices: WallSpeaker[];
  urgency: Urgency;
}

export interface WallArrangement {
  /** Calls that are worth a listen now; empty if the order is another. */
  urgent: RankedCall[];
  others: RankedCall[];
  /** The order is held, and would be another now. */
  outdated: boolean;
}

/**
 * Which call comes where. A call moves only when its urgency changes by a level: the more urgent level comes first, and
 * within it the call that reached it first; calls without urgency keep their place, the most recently started first.
 * While somebody points at the wall or is in it with the keyboard the order is held: new calls come last.
 */
export class WallOrder {
  readonly #urgencies = new Map<string, Urgency>();
  /** Place of each call as it was shown last, and in which part. */
  #places = new Map<string, { place: number; urgent: boolean }>();

  arrange(calls: readonly WallCall[], filter: WallFilter, nowMs: number, held: boolean): WallArrangement {
    const live = new Set<string>();
    const ranked: RankedCall[] = [];
    for (const call of calls) {
      const voices = shownVoices(call, filter);
      if (voices.length === 0) continue;
      live.add(call.id);
      ranked.push({ call, voices, urgency: this.#judge(call.id, voices, nowMs) });
    }
    for (const id of this.#urgencies.keys()) if (!live.has(id)) this.#urgencies.delete(id);
    const kept = filter.urgentOnly ? ranked.filter((each) => this.#isUrgent(each, held)) : ranked;

    const grouped = filter.order === 'urgent';
    const free = kept.toSorted(grouped ? byUrgency : byStart);
    const shown = held ? kept.toSorted((a, b) => this.#placeOf(a) - this.#placeOf(b) || byStart(a, b)) : free;
    const outdated = held && shown.some((each, place) => each !== free[place]);
    const inFirstPart = (each: RankedCall): boolean => grouped && this.#isUrgent(each, held);
    const urgent = shown.filter(inFirstPart);
    const others = urgent.length === 0 ? shown : shown.filter((each) => !inFirstPart(each));
    this.#places = new Map(
      [...urgent, ...others].map(({ call }, place) => [call.id, { place, urgent: place < urgent.length }]),
    );
    return { urgent, others, outdated };
  }

  #judge(id: string, voices: readonly WallSpeaker[], nowMs: number): Urgency {
    // The second that has just begun has hardly been judged.
    const liveCell = Math.floor(nowMs / ribbonStepMs) - 1;
    let highest: ReturnType<typeof voiceUrgency> = { score: 0, heard: null };
    for (const { speaker, ribbon } of voices) {
      if (!speaker.decision.analysed) continue;
      const voice = voiceUrgency(ribbon, liveCell);
      if (voice.score > highest.score) highest = voice;
    }
    const urgency = nextUrgency(this.#urgencies.get(id) ?? null, highest.score, highest.heard, nowMs);
    this.#urgencies.set(id, urgency);
    return urgency;
  }

  #placeOf({ call }: RankedCall): number {
    return this.#places.get(call.id)?.place ?? Number.MAX_SAFE_INTEGER;
  }

  #isUrgent({ call, urgency }: RankedCall, held: boolean): boolean {
    const before = this.#places.get(call.id);
    return held && before ? before.urgent : urgency.level > 0;
  }
}

function byStart({ call: a }: RankedCall, { call: b }: RankedCall): number {
  return b.startedAtMs - a.startedAtMs || (a.id < b.id ? -1 : 1);
}

function byUrgency(a: RankedCall, b: RankedCall): number {
  if (a.urgency.level !== b.urgency.level) return b.urgency.level - a.urgency.level;
  return (a.urgency.level > 0 ? a.urgency.sinceMs - b.urgency.sinceMs : 0) || byStart(a, b);
}
