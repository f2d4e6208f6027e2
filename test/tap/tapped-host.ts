import type { BridgeMessage } from '@undertone/wire';
import type { TapOptions } from '../../libs/tap/src/index.ts';
import { FakeAnalyzer } from '../bridge/fake-analyzer.ts';
import { encodeSpeech, RtpSender, readSpeech } from '../bridge/speech-rtp.ts';
import { TestBridge } from '../bridge/test-bridge.ts';
import type { Host, HostRtp } from './host.ts';
import { TcpProxy } from './tcp-proxy.ts';

export const token = 'a-token-of-some-length';
/** Real speech, 20 ms each. */
export const speech = encodeSpeech(readSpeech('11a02Nc'));
/** As the host's producers expect header extensions. */
export const hostAudioLevelId = 3;
export const hostAbsCaptureTimeId = 4;

type BridgeOptions = Parameters<typeof TestBridge.start>[1];
type Joined = Extract<BridgeMessage, { type: 'speaker-joined' }>;

/** A bridge with a proxy before it and a fake analyzer behind it, and a host whose tap dials the proxy. */
export class TappedHost {
  readonly analyzer: FakeAnalyzer;
  readonly proxy: TcpProxy;
  readonly host: Host;
  bridge: TestBridge;
  readonly #bridgePort: number;
  readonly #options: BridgeOptions;
  readonly #senders: RtpSender[] = [];

  static async start(
    host: Host,
    options: BridgeOptions = {},
    tapOptions: Partial<TapOptions> = {},
  ): Promise<TappedHost> {
    const analyzer = await FakeAnalyzer.start();
    const bridge = await TestBridge.start(analyzer.url, { tapToken: token, ...options });
    const port = Number(new URL(bridge.url).port);
    const proxy = await TcpProxy.start(port);
    const tapped = new TappedHost(analyzer, bridge, proxy, host, port, options);
    await host.start({ ...tapped.tapOptions, ...tapOptions });
    return tapped;
  }

  private constructor(
    analyzer: FakeAnalyzer,
    bridge: TestBridge,
    proxy: TcpProxy,
    host: Host,
    bridgePort: number,
    options: BridgeOptions,
  ) {
    this.analyzer = analyzer;
    this.bridge = bridge;
    this.proxy = proxy;
    this.host = host;
    this.#bridgePort = bridgePort;
    this.#options = options;
  }

  get tapOptions(): TapOptions {
    return {
      url: `ws://127.0.0.1:${this.proxy.port}/tap`,
      token,
      listen: { ip: '127.0.0.2' },
      retryMs: 20,
      maxRetryMs: 50,
    };
  }

  async sender(rtp: HostRtp | null): Promise<RtpSender> {
    if (!rtp) throw new Error('the speaker has no voice');
    const sender = await RtpSender.open({
      rtp: { ...rtp, clockRateHz: 48_000, audioLevelExtensionId: hostAudioLevelId },
    });
    this.#senders.push(sender);
    return sender;
  }

  /** Sends packets from number `from` on, one after another, until the bridge has received one more. */
  async speakUntilHeard(sender: RtpSender, from: number): Promise<number> {
    const before = await this.bridge.metric('rtp_packets_total');
    let n = from;
    while ((await this.bridge.metric('rtp_packets_total')) === before) {
      this.bridge.nowMs += 20;
      await sender.send(n, speech[n % speech.length]!);
      n++;
    }
    return n;
  }

  /** Resolves when the tap says that it sends the speaker's RTP, and the bridge listens to as many as `tapped`. */
  async feeds(callId: string, speakerId: string, tapped = 1): Promise<void> {
    await this.host.until(
      () => this.host.speaker(callId, speakerId),
      ({ feeding }) => feeding,
    );
    while ((await this.bridge.metric('tapped_speakers')) !== tapped) await new Promise(setImmediate);
  }

  joined(speakerId: string): Joined[] {
    return this.analyzer.messages.filter(
      (message): message is Joined => message.type === 'speaker-joined' && message.speaker.id === speakerId,
    );
  }

  /** Every state of the speaker that the analyzer was told, oldest first. */
  told(speakerId: string) {
    return this.analyzer.messages.flatMap((message) =>
      (message.type === 'speaker-joined' || message.type === 'speaker-updated') &&
      message.speaker.id === speakerId
        ? [message.speaker]
        : [],
    );
  }

  left(speakerId: string): boolean {
    return this.analyzer.messages.some(
      (message) => message.type === 'speaker-left' && message.speakerId === speakerId,
    );
  }

  /** Another bridge takes the place of this one. */
  async restartBridge(): Promise<void> {
    await this.bridge.close();
    await this.startBridge();
  }

  async startBridge(): Promise<void> {
    this.bridge = await TestBridge.start(this.analyzer.url, {
      tapToken: token,
      ...this.#options,
      port: this.#bridgePort,
    });
  }

  async close(): Promise<void> {
    for (const sender of this.#senders) sender.close();
    await this.host.close();
    await this.proxy.close();
    await this.bridge.close();
    await this.analyzer.close();
  }
}
