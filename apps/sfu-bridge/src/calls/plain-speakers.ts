import { randomInt } from 'node:crypto';
import type { PlainSpeaker, PlainSpeakerRequest, Speaker, SpeakerUpdate } from '@undertone/wire';
import type { types } from 'mediasoup';
import { opusPayloadType } from '../media/media-codecs.ts';
import { audioLevelUri } from '../rtp/audio-level.ts';
import { rtpClockRateHz } from '../tap/rtp-clock.ts';
import type { Call } from './call.ts';
import { CallError } from './call-error.ts';
import type { CallSpeaker } from './call-speaker.ts';
import type { LiveCalls } from './live-calls.ts';

const audioLevelExtensionId = 1;

interface Sender {
  call: Call;
  speaker: CallSpeaker;
  transport: types.PlainTransport;
  /** As last counted, and since when it has not grown. */
  bytesReceived: number;
  idleSinceMs: number;
}

export interface PlainSpeakersOptions {
  host: string;
  announcedAddress: string | null;
  /** A speaker that sends no RTP for this long is removed: its sender is dead. */
  idleMs: number;
}

/** Speakers whose Opus comes as plain RTP: media servers, load generators, the demo call. */
export class PlainSpeakers {
  /** Removed because nothing came. */
  idleRemoved = 0;

  readonly #calls: LiveCalls;
  readonly #options: PlainSpeakersOptions;
  readonly #senders = new Set<Sender>();

  constructor(calls: LiveCalls, options: PlainSpeakersOptions) {
    this.#calls = calls;
    this.#options = options;
  }

  /** @throws CallError `call-full`, `speaker-exists`, `media-unavailable` */
  async add(callId: string, request: PlainSpeakerRequest, nowMs: number): Promise<PlainSpeaker> {
    const { call, speaker } = await this.#calls.join(callId, request);
    try {
      const ssrc = randomInt(1, 0xffff_ffff);
      const transport = await this.#openTransport(call);
      const producer = await transport.produce({ kind: 'audio', rtpParameters: rtpParameters(ssrc) });
      speaker.publish(producer);
      // The call was lost meanwhile: nobody would ever be told that this producer is closed.
      if (producer.closed) throw new Error('the call was lost');
      const sender = { call, speaker, transport, bytesReceived: 0, idleSinceMs: nowMs };
      this.#senders.add(sender);
      producer.observer.once('close', () => {
        this.#senders.delete(sender);
        transport.close();
      });
      const { localAddress, localPort } = transport.tuple;
      return {
        speaker: speaker.speaker,
        rtp: {
          ip: localAddress,
          port: localPort,
          payloadType: opusPayloadType,
          ssrc,
          clockRateHz: rtpClockRateHz,
          audioLevelExtensionId,
        },
      };
    } catch {
      call.remove(speaker);
      throw new CallError('media-unavailable', 'no RTP port could be opened; try again in a moment');
    }
  }

  /** @throws CallError `speaker-not-found` */
  async update(callId: string, speakerId: string, update: SpeakerUpdate): Promise<Speaker> {
    const { speaker } = this.#find(callId, speakerId);
    if (update.consent !== undefined) await speaker.revise({ consent: update.consent });
    if (update.muted !== undefined) await speaker.setMuted(update.muted);
    return speaker.speaker;
  }

  /** @throws CallError `speaker-not-found` */
  remove(callId: string, speakerId: string): void {
    const { call, speaker } = this.#find(callId, speakerId);
    call.remove(speaker);
  }

  /** Removes speakers whose sender is silent for too long. DTX and muted senders still send, if rarely. */
  async removeIdle(nowMs: number): Promise<void> {
    await Promise.all([...this.#senders].map((sender) => this.#removeIfIdle(sender, nowMs)));
  }

  async #removeIfIdle(sender: Sender, nowMs: number): Promise<void> {
    const [stats] = await sender.transport.getStats().catch(() => []);
    if (!stats || !this.#senders.has(sender)) return;
    if (stats.rtpBytesReceived > sender.bytesReceived) {
      sender.bytesReceived = stats.rtpBytesReceived;
      sender.idleSinceMs = nowMs;
      return;
    }
    if (nowMs - sender.idleSinceMs < this.#options.idleMs) return;
    this.idleRemoved++;
    sender.call.remove(sender.speaker);
  }

  #find(callId: string, speakerId: string): Sender {
    for (const sender of this.#senders) {
      if (sender.call.id === callId && sender.speaker.id === speakerId) return sender;
    }
    throw new CallError('speaker-not-found', `call ${callId} has no plain RTP speaker ${speakerId}`);
  }

  #openTransport(call: Call): Promise<types.PlainTransport> {
    const { host, announcedAddress } = this.#options;
    return call.router.createPlainTransport({
      listenInfo: {
        protocol: 'udp',
        ip: host,
        ...(announcedAddress === null ? {} : { announcedAddress }),
      },
      rtcpMux: true,
      comedia: true,
    });
  }
}

const rtpParameters = (ssrc: number): types.RtpParameters => ({
  codecs: [
    {
      mimeType: 'audio/opus',
      payloadType: opusPayloadType,
      clockRate: rtpClockRateHz,
      channels: 2,
      parameters: { useinbandfec: 1, usedtx: 1 },
    },
  ],
  encodings: [{ ssrc, dtx: true }],
  headerExtensions: [{ uri: audioLevelUri, id: audioLevelExtensionId }],
});
