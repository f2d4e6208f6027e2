import { once } from 'node:events';
import type { AnalysisMessage, EmotionPoint, Speaker } from '@undertone/wire';
import { WebSocket } from 'ws';

/** Says what an analyzer would say, over the real socket, when the test tells it to. */
export class FakeAnalyzer {
  readonly socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.socket = socket;
  }

  /** Connects and says hello. `dashboardUrl` is the address of the dashboard's HTTP server. */
  static async connect(dashboardUrl: string, analyzerId = 'fake'): Promise<FakeAnalyzer> {
    const socket = new WebSocket(`${dashboardUrl.replace(/^http/, 'ws')}/ingest`);
    await once(socket, 'open');
    const analyzer = new FakeAnalyzer(socket);
    await analyzer.say({ type: 'hello', protocol: 1, analyzerId });
    return analyzer;
  }

  async say(message: AnalysisMessage): Promise<void> {
    await this.sayText(JSON.stringify(message));
  }

  async sayText(text: string): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      this.socket.send(text, (error) => (error ? reject(error) : resolve())),
    );
  }

  async join(speaker: Speaker): Promise<void> {
    await this.say({ type: 'speaker-joined', speaker });
  }

  async points(speaker: Speaker, ...points: EmotionPoint[]): Promise<void> {
    await this.say({ type: 'points', callId: speaker.callId, speakerId: speaker.id, points });
  }

  async leave(speaker: Speaker): Promise<void> {
    await this.say({ type: 'speaker-left', callId: speaker.callId, speakerId: speaker.id });
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }
}
