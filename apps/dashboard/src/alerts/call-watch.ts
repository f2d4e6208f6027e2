import type { AlertRule, EmotionPoint, Speaker } from '@undertone/wire';
import type { Finding } from './finding.ts';
import { LevelWatch } from './level-watch.ts';
import { TurnWatch } from './turn-watch.ts';
import { type GridCell, VoiceGrid } from './voice-grid.ts';

/** Is told of what the rules find. `speakerId` is null where a rule is about the call as a whole. */
export type FindingListener = (rule: AlertRule, speakerId: string | null, finding: Finding) => void;

/**
 * Holds one call against the rules. Knows neither clock nor store: what was live gives the same findings when it is
 * told again from the history.
 */
export class CallWatch {
  readonly #rules: readonly AlertRule[];
  readonly #onFinding: FindingListener;
  readonly #grid = new VoiceGrid();
  readonly #levels = new Map<string, { rule: AlertRule; watch: LevelWatch }[]>();
  readonly #turns: { rule: AlertRule; watch: TurnWatch }[] = [];
  /** Those in the call whose voice is not analysed. */
  readonly #unheard = new Set<string>();

  /** @param rules those that are not enabled are left out */
  constructor(rules: readonly AlertRule[], onFinding: FindingListener) {
    this.#rules = rules.filter(({ enabled }) => enabled);
    this.#onFinding = onFinding;
    for (const rule of this.#rules) {
      const { condition, cooldownMs } = rule;
      if (condition.kind === 'talk-over' || condition.kind === 'silence')
        this.#turns.push({ rule, watch: new TurnWatch(condition, cooldownMs) });
    }
  }

  /** Someone is in the call, new or changed. */
  put({ id, role, decision }: Speaker): void {
    if (!decision.analysed) {
      this.#stopHearing(id);
      this.#unheard.add(id);
      return;
    }
    this.#unheard.delete(id);
    this.#grid.add(id);
    if (this.#levels.has(id)) return;
    const watches = this.#rules.flatMap((rule) => {
      const { condition, roles, cooldownMs } = rule;
      if (condition.kind === 'talk-over' || condition.kind === 'silence') return [];
      if (roles.length > 0 && !roles.includes(role)) return [];
      return [{ rule, watch: new LevelWatch(condition, cooldownMs) }];
    });
    this.#levels.set(id, watches);
  }

  remove(speakerId: string): void {
    this.#unheard.delete(speakerId);
    this.#stopHearing(speakerId);
  }

  /** Takes the next point of one voice. */
  take(speakerId: string, point: EmotionPoint): void {
    for (const { rule, watch } of this.#levels.get(speakerId) ?? []) {
      const finding = watch.take(point);
      if (finding) this.#onFinding(rule, speakerId, finding);
    }
    if (this.#turns.length > 0) this.#grid.take(speakerId, point, this.#lookAtTurns);
  }

  /** The call is over: what lasts, ends. */
  end(): void {
    for (const speakerId of [...this.#levels.keys()]) this.#stopHearing(speakerId);
    for (const { rule, watch } of this.#turns) {
      const finding = watch.end();
      if (finding) this.#onFinding(rule, null, finding);
    }
  }

  /** Goes on with what had fired before a restart. False if there is no such rule or voice any more. */
  resume(ruleId: string, speakerId: string | null, fromMs: number): boolean {
    const watches: { rule: AlertRule; watch: { resume(fromMs: number): void } }[] =
      speakerId === null ? this.#turns : (this.#levels.get(speakerId) ?? []);
    const found = watches.find(({ rule }) => rule.id === ruleId);
    found?.watch.resume(fromMs);
    return found !== undefined;
  }

  #stopHearing(speakerId: string): void {
    this.#grid.remove(speakerId);
    const watches = this.#levels.get(speakerId) ?? [];
    this.#levels.delete(speakerId);
    for (const { rule, watch } of watches) {
      const finding = watch.end();
      if (finding) this.#onFinding(rule, speakerId, finding);
    }
  }

  readonly #lookAtTurns = (cell: GridCell): void => {
    for (const { rule, watch } of this.#turns) {
      const finding = watch.take(cell, this.#unheard.size === 0);
      if (finding) this.#onFinding(rule, null, finding);
    }
  };
}
