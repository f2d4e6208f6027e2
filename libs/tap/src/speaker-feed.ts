import type { PipedRtp } from '@undertone/wire';
import type { types } from 'mediasoup';
import type { CallPipe } from './call-pipe.ts';

const audioLevelUri = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
const absCaptureTimeUri = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time';

/** One producer's RTP on its way through the pipe. Exists only while the speaker may be analysed. */
export class SpeakerFeed {
  readonly producer: types.Producer;
  readonly #consumer: types.Consumer;
  #paused = false;

  /** RTP flows as soon as this resolves, or before. `onClosed` is called once, unless it is closed by `close`. */
  static async open(pipe: CallPipe, producer: types.Producer, onClosed: () => void): Promise<SpeakerFeed> {
    return new SpeakerFeed(producer, await pipe.consume(producer.id), onClosed);
  }

  private constructor(producer: types.Producer, consumer: types.Consumer, onClosed: () => void) {
    this.producer = producer;
    this.#consumer = consumer;
    consumer.on('producerclose', onClosed);
    consumer.on('transportclose', onClosed);
  }

  get closed(): boolean {
    return this.#consumer.closed;
  }

  /** How the bridge recognises and reads the packets. */
  get rtp(): PipedRtp {
    const { codecs, encodings, headerExtensions = [], rtcp } = this.#consumer.rtpParameters;
    const extensionId = (uri: string) => headerExtensions.find((each) => each.uri === uri)?.id ?? 0;
    return {
      payloadType: codecs[0]!.payloadType,
      ssrc: encodings![0]!.ssrc!,
      cname: rtcp?.cname ?? null,
      audioLevelId: extensionId(audioLevelUri),
      absCaptureTimeId: extensionId(absCaptureTimeUri),
    };
  }

  async setPaused(paused: boolean): Promise<void> {
    if (paused === this.#paused) return;
    this.#paused = paused;
    try {
      if (paused) await this.#consumer.pause();
      else await this.#consumer.resume();
    } catch (error) {
      if (this.closed) return;
      this.#paused = !paused;
      throw error;
    }
  }

  /** No packet leaves this host any more. Idempotent. */
  close(): void {
    this.#consumer.close();
  }
}
