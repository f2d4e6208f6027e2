import { fork } from 'node:child_process';
import { once } from 'node:events';
import { pin } from './pinning.ts';
import type { SendOrder, SendReport, SpeechTarget } from './speech-sender.ts';

/** A process of its own that sends real speech over RTP, in real time. */
export class PacedSpeech {
  readonly #child = fork(new URL('./speech-sender.ts', import.meta.url));

  constructor(cpus: readonly number[]) {
    if (this.#child.pid !== undefined) pin(this.#child.pid, cpus);
  }

  /** From now on sends to `targets`. Says what was sent so far, and how late at most since the last call. */
  async sendTo(targets: SpeechTarget[]): Promise<SendReport> {
    const order: SendOrder = { targets };
    this.#child.send(order);
    const [report] = (await once(this.#child, 'message')) as [SendReport];
    return report;
  }

  close(): void {
    this.#child.disconnect();
  }
}
