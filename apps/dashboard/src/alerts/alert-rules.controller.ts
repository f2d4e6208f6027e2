import { Body, Controller, Get, HttpCode, Inject, Post, Put } from '@nestjs/common';
import { Problem } from '@undertone/http';
import type { AlertRules, AlertTrialResult } from '@undertone/wire';
import { readRequest } from '../api/api-route.ts';
import { HISTORY_STORE, type HistoryStore } from '../history/history-store.ts';
import { AlertDesk } from './alert-desk.ts';
import { alertRoutes } from './alert-routes.ts';
import { AlertRuleBook } from './alert-rule-book.ts';
import { tryRule } from './rule-trial.ts';

type RevisedRules = AlertRules & { revision: string };

@Controller('api')
export class AlertRulesController {
  readonly #book: AlertRuleBook;
  readonly #desk: AlertDesk;
  readonly #store: HistoryStore;

  constructor(
    @Inject(AlertRuleBook) book: AlertRuleBook,
    @Inject(AlertDesk) desk: AlertDesk,
    @Inject(HISTORY_STORE) store: HistoryStore,
  ) {
    this.#book = book;
    this.#desk = desk;
    this.#store = store;
  }

  @Get('alert-rules')
  rules(): RevisedRules {
    return { rules: [...this.#book.rules], revision: this.#book.revision };
  }

  @Put('alert-rules')
  replaceRules(@Body() body: unknown): RevisedRules {
    const { rules, revision } = readRequest(alertRoutes.replaceRules.body, body);
    if (revision !== this.#book.revision)
      throw new Problem(
        409,
        'rules-changed',
        'somebody else changed the rules: load them again and repeat your change',
      );
    this.#book.replace({ rules });
    this.#desk.follow(rules);
    return this.rules();
  }

  @Post('alert-trials')
  @HttpCode(200)
  async tryRule(@Body() body: unknown): Promise<AlertTrialResult> {
    const { rule, recordId } = readRequest(alertRoutes.tryRule.body, body);
    const record = await this.#store.call(recordId);
    if (!record) throw new Problem(404, 'record-not-found', `no call ${recordId} is kept`);
    return tryRule(this.#store, record, rule);
  }
}
