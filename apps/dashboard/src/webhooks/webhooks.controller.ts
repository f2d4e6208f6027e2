import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { Problem } from '@undertone/http';
import type { WebhookDelivery } from '@undertone/wire';
import { readRequest } from '../api/api-route.ts';
import { HISTORY_STORE, type HistoryStore } from '../history/history-store.ts';
import { webhookRoutes } from './webhook-routes.ts';
import { WebhookSender } from './webhook-sender.ts';

@Controller('api/webhooks')
export class WebhooksController {
  readonly #sender: WebhookSender;
  readonly #store: HistoryStore;

  constructor(@Inject(WebhookSender) sender: WebhookSender, @Inject(HISTORY_STORE) store: HistoryStore) {
    this.#sender = sender;
    this.#store = store;
  }

  @Get('dead')
  dead(@Query() query: unknown): Promise<WebhookDelivery[]> {
    const { limit } = readRequest(webhookRoutes.dead.query, query);
    return this.#store.deliveries(true, limit);
  }

  @Post('dead/:deliveryId/retry')
  @HttpCode(200)
  async retry(@Param() params: unknown): Promise<WebhookDelivery> {
    const { deliveryId } = readRequest(webhookRoutes.retry.params, params);
    const delivery = await this.#store.delivery(deliveryId);
    if (!delivery)
      throw new Problem(404, 'delivery-not-found', `no delivery ${deliveryId}: it arrived or never was`);
    if (delivery.nextAtMs !== null)
      throw new Problem(409, 'delivery-not-dead', 'this delivery is still being tried');
    return this.#sender.retry(delivery);
  }
}
