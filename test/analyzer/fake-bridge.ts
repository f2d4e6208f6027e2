import { once } from 'node:events';
import {
  type BridgeMessage,
  encodePcmFrame,
  maxFrameBytes,
  type PcmFrame,
  parseCreditMessage,
  type Speaker,
} from '@undertone/wire';
import { WebSocket } from 'ws';

/** A bridge's side of the analyzer's `/ingest`: announces, and sends frames as far as its credit goes. */
export class FakeBridge {
  credit = 0;
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  #granted: () => void = () => {};

  static async connect(analyzerUrl: string): Promise<FakeBridge> {
    const bridge = new FakeBridge(new WebSocket(`${analyzerUrl.replace('http', 'ws')}/ingest`));
    await once(bridge.socket, 'open');
    return bridge;
  }

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('message', (data) => {
      this.credit += parseCreditMessage(data.toString()).frames;
      this.#granted();
    });
  }

  send(message: BridgeMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Says hello and waits for the first credit. */
  async greet(): Promise<void> {
    this.send({ type: 'hello', protocol: 1, bridgeId: 'bridge-test' });
    await this.#untilCredit();
  }

  join(streamId: number, speaker: Speaker): void {
    this.send({ type: 'speaker-joined', streamId, speaker });
  }

  leave(streamId: number, speaker: Speaker): void {
    this.send({ type: 'speaker-left', streamId, callId: speaker.callId, speakerId: speaker.id });
  }

  /** Sends every frame, waiting for credit where it runs out. */
  async stream(frames: PcmFrame[]): Promise<void> {
    for (const frame of frames) {
      await this.#untilCredit();
      this.credit--;
      this.sendFrame(frame);
    }
  }

  sendFrame(frame: PcmFrame): void {
    const bytes = new Uint8Array(maxFrameBytes);
    this.socket.send(bytes.subarray(0, encodePcmFrame(frame, bytes)));
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  async #untilCredit(): Promise<void> {
    while (this.credit === 0) {
      await new Promise<void>((resolve) => {
        this.#granted = resolve;
      });
    }
  }
}
