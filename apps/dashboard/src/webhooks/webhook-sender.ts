import { randomUUID } from 'node:crypto';
import type { Alert, WebhookDelivery, WebhookEvent } from '@undertone/wire';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { HistoryChange } from '../history/history-store.ts';
import type { WebhookPost } from './webhook-post.ts';

/** Pauses before the second, third … attempt; after the last one fails, a delivery is dead. */
export const retryMs = [5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000];

export interface SenderLimits {
  /** Deliveries that wait at once; further ones are dead at once. */
  maxWaiting: number;
  /** Attempts at once. */
  maxPosting: number;
}

export interface SenderCounts {
  delivered: number;
  'failed-attempt': number;
  dead: number;
  /** Of these, for want of room. */
  'over-limit': number;
}

/**
 * Tells every receiver of every alert, at least once: what waits is kept in the history, and goes on after a restart.
 * Attempts are made by `pulse`.
 */
export class WebhookSender {
  readonly counts: SenderCounts = { delivered: 0, 'failed-attempt': 0, dead: 0, 'over-limit': 0 };
  readonly #urls: readonly string[];
  readonly #post: WebhookPost;
  readonly #tell: (change: HistoryChange) => void;
  readonly #clock: Clock;
  readonly #limits: SenderLimits;
  readonly #log: Logger;
  readonly #waiting = new Map<string, WebhookDelivery>();
  readonly #posting = new Map<string, Promise<void>>();

  /** @param tell takes what has to be kept */
  constructor(
    urls: readonly string[],
    post: WebhookPost,
    tell: (change: HistoryChange) => void,
    clock: Clock,
    limits: SenderLimits,
    log: Logger,
  ) {
    this.#urls = urls;
    this.#post = post;
    this.#tell = tell;
    this.#clock = clock;
    this.#limits = limits;
    this.#log = log;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  announce(type: WebhookEvent['type'], alert: Alert): void {
    const now = this.#clock();
    for (const url of this.#urls)
      this.#enqueue({
        deliveryId: randomUUID(),
        alertId: alert.alertId,
        url,
        event: { type, timestamp: new Date(now).toISOString(), data: alert },
        createdAtMs: now,
        attempts: 0,
        nextAtMs: now,
        problem: null,
      });
  }

  /** Takes over what waited before a restart. */
  restore(deliveries: readonly WebhookDelivery[]): void {
    for (const delivery of deliveries) this.#waiting.set(delivery.deliveryId, delivery);
  }

  /** Begins anew with a delivery that was given up. */
  retry(delivery: WebhookDelivery): WebhookDelivery {
    return this.#enqueue({ ...delivery, attempts: 0, nextAtMs: this.#clock() });
  }

  /** The alert is to be forgotten: nobody else is told of it. */
  forget(alertId: string): void {
    for (const delivery of this.#waiting.values())
      if (delivery.alertId === alertId) this.#waiting.delete(delivery.deliveryId);
  }

  /** Makes the attempts that are due, as many as may be made at once. */
  pulse(): void {
    const now = this.#clock();
    for (const delivery of this.#waiting.values()) {
      if (this.#posting.size >= this.#limits.maxPosting) return;
      const { deliveryId, nextAtMs } = delivery;
      if (nextAtMs === null || nextAtMs > now || this.#posting.has(deliveryId)) continue;
      this.#posting.set(
        deliveryId,
        this.#attempt(delivery).finally(() => this.#posting.delete(deliveryId)),
      );
    }
  }

  /** Resolves when no attempt is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#posting.values());
  }

  #enqueue(delivery: WebhookDelivery): WebhookDelivery {
    if (this.#waiting.size >= this.#limits.maxWaiting) {
      this.counts['over-limit']++;
      return this.#giveUp({ ...delivery, problem: 'too many deliveries were waiting' });
    }
    return this.#put(delivery);
  }

  async #attempt(delivery: WebhookDelivery): Promise<void> {
    const outcome = await this.#post(delivery, this.#clock());
    // Forgotten meanwhile: there is nothing to write down.
    if (!this.#waiting.has(delivery.deliveryId)) return;
    if (outcome.ok) {
      this.counts.delivered++;
      this.#waiting.delete(delivery.deliveryId);
      this.#tell({ change: 'delivery-done', deliveryId: delivery.deliveryId });
      return;
    }
    this.counts['failed-attempt']++;
    const tried = { ...delivery, attempts: delivery.attempts + 1, problem: outcome.problem };
    const pauseMs = retryMs[delivery.attempts];
    if (outcome.final || pauseMs === undefined) this.#giveUp(tried);
    else this.#put({ ...tried, nextAtMs: this.#clock() + pauseMs });
  }

  #put(delivery: WebhookDelivery): WebhookDelivery {
    this.#waiting.set(delivery.deliveryId, delivery);
    this.#tell({ change: 'delivery', delivery });
    return delivery;
  }

  #giveUp(delivery: WebhookDelivery): WebhookDelivery {
    const dead = { ...delivery, nextAtMs: null };
    this.counts.dead++;
    this.#waiting.delete(delivery.deliveryId);
    this.#tell({ change: 'delivery', delivery: dead });
    this.#log.warn({ deliveryId: dead.deliveryId, attempts: dead.attempts }, 'a webhook was given up');
    return dead;
  }
}
