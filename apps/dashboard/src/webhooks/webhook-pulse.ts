import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { WebhookSender } from './webhook-sender.ts';

const pulseMs = 1_000;

/** The timer of the webhooks. */
export class WebhookPulse implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #sender: WebhookSender;
  #timer: NodeJS.Timeout | undefined;

  constructor(sender: WebhookSender) {
    this.#sender = sender;
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#sender.pulse(), pulseMs);
  }

  /** What is under way is waited for, so that its outcome is kept. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sender.settled();
  }
}
