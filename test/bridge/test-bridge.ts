import type { PlainSpeaker, PlainSpeakerRequest, Speaker, SpeakerUpdate } from '@undertone/wire';
import { type BridgeConfig, readConfig } from '../../apps/sfu-bridge/src/config.ts';
import { type BridgeApp, createBridgeApp } from '../../apps/sfu-bridge/src/create-bridge-app.ts';

/** A bridge in this process on ports of its own, whose audio clock stands still until it is moved. */
export class TestBridge {
  nowMs = 1_700_000_000_000;
  readonly #app: BridgeApp;

  static async start(analyzerUrl: string, config: Partial<BridgeConfig> = {}): Promise<TestBridge> {
    let bridge: TestBridge | null = null;
    const app = await createBridgeApp(
      {
        ...readConfig({
          LOG_LEVEL: 'silent',
          BRIDGE_PORT: '0',
          RTC_PORT: '0',
          MEDIA_WORKERS: '1',
          BRIDGE_WORKERS: '1',
        }),
        analyzerUrl,
        ...config,
      },
      () => bridge?.nowMs ?? 1_700_000_000_000,
    );
    bridge = new TestBridge(app);
    return bridge;
  }

  private constructor(app: BridgeApp) {
    this.#app = app;
  }

  get url(): string {
    return this.#app.url;
  }

  close(): Promise<void> {
    return this.#app.close();
  }

  addSpeaker(callId: string, request: PlainSpeakerRequest): Promise<PlainSpeaker> {
    return this.#ask('POST', `/calls/${callId}/speakers`, request);
  }

  updateSpeaker(callId: string, speakerId: string, update: SpeakerUpdate): Promise<Speaker> {
    return this.#ask('PATCH', `/calls/${callId}/speakers/${speakerId}`, update);
  }

  async removeSpeaker(callId: string, speakerId: string): Promise<void> {
    await fetch(`${this.url}/calls/${callId}/speakers/${speakerId}`, { method: 'DELETE' });
  }

  /** Value of the metric `undertone_bridge_NAME`, labels included in the name. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(`undertone_bridge_${name} `));
    if (!line) throw new Error(`no metric ${name}`);
    return Number(line.split(' ')[1]);
  }

  /** Resolves when the metric has reached `value`. */
  async reaches(name: string, value: number): Promise<void> {
    while ((await this.metric(name)) < value) await new Promise(setImmediate);
  }

  async #ask<Answer>(method: string, path: string, body: unknown): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }
}
