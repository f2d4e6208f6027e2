import { type Alert, ribbonStepMs } from '@undertone/wire';
import { nextUrgency, type Urgency, voiceUrgency } from './call-urgency.ts';
import type { WallCall, WallSpeaker } from './wall-feed.ts';
import { shownVoices, type WallFilter } from './wall-filter.ts';

export interface RankedCall {
  call: WallCall;
  /** Those that the filter leaves. */
  voices: WallSpeaker[];
  urgency: Urgency;
  /** That still ask for somebody, the gravest first. */
  alerts: Alert[];
}

export interface WallArrangement {
  /** Calls that are worth a listen now; empty if the order is another. */
  urgent: RankedCall[];
  others: RankedCall[];
  /** The order is held, and would be another now. */
  outdated: boolean;
}

/**
 * Which call comes where. A call moves only when its urgency changes by a level: calls with an open alert come first,
 * then the more urgent level, and within each the call that reached it first; calls without urgency keep their place, the most recently started first.
 * While somebody points at the wall or is in it with the keyboard the order is held: new calls come last.
 */
export class WallOrder {
  readonly #urgencies = new Map<string, Urgency>();
  /** Place of each call as it was shown last, and in which part. */
  #places = new Map<string, { place: number; urgent: boolean }>();

  arrange(
    calls: readonly WallCall[],
    alerts: ReadonlyMap<string, Alert[]>,
    filter: WallFilter,
    nowMs: number,
    held: boolean,
  ): WallArrangement {
    const live = new Set<string>();
    const ranked: RankedCall[] = [];
    for (const call of calls) {
      const voices = shownVoices(call, filter);
      if (voices.length === 0) continue;
      live.add(call.id);
      const urgency = this.#judge(call.id, voices, nowMs);
      ranked.push({ call, voices, urgency, alerts: alerts.get(call.recordId) ?? [] });
    }
    for (const id of this.#urgencies.keys()) if (!live.has(id)) this.#urgencies.delete(id);
    const kept = ranked.filter((each) => {
      if (filter.show === 'alert') return each.alerts.length > 0;
      return filter.show === 'all' || this.#isUrgent(each, held);
    });

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

  #isUrgent({ call, urgency, alerts }: RankedCall, held: boolean): boolean {
    const before = this.#places.get(call.id);
    return held && before ? before.urgent : urgency.level > 0 || alerts.length > 0;
  }
}

function byStart({ call: a }: RankedCall, { call: b }: RankedCall): number {
  return b.startedAtMs - a.startedAtMs || (a.id < b.id ? -1 : 1);
}

function byUrgency(a: RankedCall, b: RankedCall): number {
  const [first, second] = [rank(a), rank(b)];
  return second.level - first.level || first.sinceMs - second.sinceMs || byStart(a, b);
}

/** An alert outranks what the ribbon says. */
function rank({ urgency, alerts }: RankedCall): { level: number; sinceMs: number } {
  if (alerts.length > 0) return { level: 3, sinceMs: Math.min(...alerts.map(({ firedAtMs }) => firedAtMs)) };
  return { level: urgency.level, sinceMs: urgency.level > 0 ? urgency.sinceMs : 0 };
}
