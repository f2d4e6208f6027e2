import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type AlertRule, type AlertRules, alertRulesSchema } from '@undertone/wire';
import { z } from 'zod';
import { defaultRules } from './default-rules.ts';

/** The rules that hold, and the file that keeps them. */
export class AlertRuleBook {
  readonly #file: string | null;
  #rules: AlertRules;

  /**
   * @param file null keeps the rules in memory; a file that is not there is written with the first change
   * @throws Error that says what is wrong in the file
   */
  constructor(file: string | null) {
    this.#file = file;
    this.#rules = file !== null && existsSync(file) ? readRules(file) : { rules: defaultRules };
  }

  get rules(): readonly AlertRule[] {
    return this.#rules.rules;
  }

  /** Changes with every change of the rules. */
  get revision(): string {
    return createHash('sha256').update(JSON.stringify(this.#rules)).digest('hex').slice(0, 16);
  }

  /** Puts other rules in their place, in the file too: whole, or not at all. @throws Error of the file system */
  replace(rules: AlertRules): void {
    if (this.#file !== null) {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      writeFileSync(`${this.#file}.new`, `${JSON.stringify(rules, null, 2)}\n`, { flush: true });
      renameSync(`${this.#file}.new`, this.#file);
    }
    this.#rules = rules;
  }
}

function readRules(file: string): AlertRules {
  const refusal = (reason: string) => new Error(`the alert rules in ${file} can't be used: ${reason}`);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error));
  }
  const parsed = alertRulesSchema.safeParse(json);
  if (!parsed.success) throw refusal(`\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
