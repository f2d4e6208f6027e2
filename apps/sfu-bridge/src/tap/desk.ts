import type { Speaker } from '@undertone/wire';
import type { RtpFormat } from './opus-stream.ts';

/**
 * Where calls are listened to: sockets for their RTP, decoding, rings and the links to the analyzer, in this thread or in
 * another. Everything is named by numbers that are unique in this process, so that all of it can be asked of another thread.
 * What has no answer takes effect in the order in which it is asked.
 */
export interface Desk {
  /** Announces a speaker, or goes on with the stream of one whose media was lost. */
  join(stream: number, speaker: Speaker): void;
  /** The speaker has changed. Who may not be analysed any more is not listened to, and nothing of them waits, when this resolves. */
  update(stream: number, speaker: Speaker): Promise<void>;
  /** The speaker's media is lost; they may join again. */
  lose(stream: number): void;
  leave(stream: number): void;
  /**
   * Decodes what comes of `ssrc` into the stream.
   * @throws Error with the code `decoder-limit` if no further speaker can be decoded
   */
  listen(stream: number, socket: number, ssrc: number, format: RtpFormat): Promise<void>;
  /** After a mute: see `OpusStream.resume`. */
  resume(stream: number): void;
  /** Stops listening at once: whatever is not decoded yet never is. */
  stop(stream: number): void;
  /** Opens a UDP socket on loopback. Returns its port. */
  openSocket(socket: number): Promise<number>;
  /** From then on the kernel drops whatever comes from elsewhere. */
  connectSocket(socket: number, port: number): Promise<void>;
  closeSocket(socket: number): void;
  /** Sends what credit allows, says goodbye to the analyzer, and frees everything. */
  close(): Promise<void>;
}
