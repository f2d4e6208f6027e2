import {
  createEngine,
  type EmotionEngine,
  type EmotionModel,
  loadModel,
  pretrainedFolder,
} from '@undertone/models';
import { blankPcmFrame, encodePcmFrame, maxFrameBytes, PcmFrameReader } from '@undertone/wire';
import { Batcher } from '../../apps/analyzer/src/batch/batcher.ts';
import { SessionCounts } from '../../apps/analyzer/src/session/session-counts.ts';
import { SpeakerSession } from '../../apps/analyzer/src/session/speaker-session.ts';
import { libopusWasm } from '../../apps/sfu-bridge/src/opus/libopus-wasm-decoder.ts';
import type { SpeechDecoder } from '../../apps/sfu-bridge/src/opus/speech-decoder.ts';
import { FrameRing } from '../../apps/sfu-bridge/src/tap/frame-ring.ts';
import { OpusStream } from '../../apps/sfu-bridge/src/tap/opus-stream.ts';
import { SpeechTrack } from '../../apps/sfu-bridge/src/tap/speech-track.ts';
import { TapCounters } from '../../apps/sfu-bridge/src/tap/tap-counters.ts';
import { encodeSpeech, readSpeech } from '../bridge/speech-rtp.ts';

/** Where the time of a packet goes. */
export const stages = ['receive', 'decode', 'frame', 'features', 'batch', 'engine', 'points'] as const;
export type Stage = (typeof stages)[number];

export const packetMs = 20;
/** Ticks of 20 ms between two beats of the analyzer. */
const ticksPerBeat = 2;
const packetTicks = 960;
const headerBytes = 12;
const payloadType = 100;
const ringFrames = 125;

const speech = (['11b09Fd', '08a02Wc', '11a02Nc'] as const).flatMap((name) => encodeSpeech(readSpeech(name)));

interface Line {
  stream: OpusStream;
  ring: FrameRing;
  session: SpeakerSession;
  place: number;
}

/**
 * Everything from RTP to points but for sockets and threads, for many speakers, in simulated time: the parts of bridge and analyzer
 * as they are, in their order, one stage for all speakers before the next. Every speaker talks without a pause.
 */
export class MediaLine {
  /** Time that each stage took so far. */
  readonly stageMs: Record<Stage, number>;
  /** Points made so far, and steps judged. */
  points = 0;
  readonly #engine: EmotionEngine;
  readonly #batcher: Batcher;
  readonly #lines: Line[] = [];
  readonly #counters = new TapCounters();
  readonly #bytes = Buffer.alloc(maxFrameBytes);
  readonly #reader = new PcmFrameReader();
  readonly #frame = blankPcmFrame();
  #packets: Buffer[][] = [];
  #tick = 0;
  #sent = 0;

  static async create(speakers: number): Promise<MediaLine> {
    const model = await loadModel(pretrainedFolder);
    const line = new MediaLine(model, await createEngine(model, 'onnx'));
    for (let n = 0; n < speakers; n++) line.#add(model, await libopusWasm.create());
    return line;
  }

  private constructor(model: EmotionModel, engine: EmotionEngine) {
    this.stageMs = Object.fromEntries(stages.map((stage) => [stage, 0])) as Record<Stage, number>;
    this.#engine = engine;
    const observer = {
      round: (_speakers: number, engineMs: number) => {
        this.stageMs.engine += engineMs;
        this.stageMs.batch -= engineMs;
      },
      failed: (error: unknown) => {
        throw error;
      },
      tick: () => {},
    };
    this.#batcher = new Batcher(engine, model, observer, () => performance.now());
  }

  get steps(): number {
    return this.#batcher.steps;
  }

  /** Makes the packets of the next `ticks` × 20 ms, so that making them is not measured. */
  prepare(ticks: number): void {
    for (let i = 0; i < ticks; i++, this.#sent++) {
      this.#packets.push(
        this.#lines.map((line, n) => {
          const payload = speech[line.place]!;
          line.place = (line.place + 1) % speech.length;
          const packet = Buffer.alloc(headerBytes + payload.length);
          packet[0] = 0x80;
          packet[1] = payloadType;
          packet.writeUInt16BE(this.#sent & 0xffff, 2);
          packet.writeUInt32BE((this.#sent * packetTicks) % 0x1_0000_0000, 4);
          packet.writeUInt32BE(n + 1, 8);
          packet.set(payload, headerBytes);
          return packet;
        }),
      );
    }
  }

  /** Lets the time pass that was prepared. @throws Error if anything was lost or dropped */
  async run(): Promise<void> {
    const { stageMs } = this;
    for (const packets of this.#packets) {
      const nowMs = 1_000_000 + packetMs * this.#tick++;
      const startMs = performance.now();
      for (let n = 0; n < packets.length; n++) this.#lines[n]!.stream.receive(packets[n]!, nowMs);
      const receivedMs = performance.now();
      stageMs.receive += receivedMs - startMs;
      this.#pass();
      stageMs.frame += performance.now() - receivedMs;
      if (this.#tick % ticksPerBeat === 0) await this.#beat();
    }
    this.#packets = [];
    const { lostPackets, droppedFrames } = this.#counters;
    if (lostPackets + droppedFrames + this.#batcher.backlog > 0)
      throw new Error('the benchmark lost something on the way');
  }

  async close(): Promise<void> {
    for (const { stream } of this.#lines) stream.close();
    await this.#engine.close();
  }

  #add(model: EmotionModel, decoder: SpeechDecoder): void {
    const ring = new FrameRing(ringFrames, this.#counters);
    const stream = new OpusStream({
      format: { payloadType, audioLevelId: 0, absCaptureTimeId: 0 },
      playoutDelayMs: 80,
      maxPlayoutDelayMs: 240,
      decoder: this.#timed(decoder),
      track: new SpeechTrack(ring, 1_000_000 - packetMs, () => {}),
      counters: this.#counters,
    });
    const session = new SpeakerSession(model, new SessionCounts());
    this.#batcher.add(session.track);
    this.#lines.push({ stream, ring, session, place: (this.#lines.length * 97) % speech.length });
  }

  /** Frames of all speakers, over the wire's format. */
  #pass(): void {
    const frame = this.#frame;
    for (const { ring, session } of this.#lines) {
      while (ring.take(frame)) {
        const length = encodePcmFrame(frame, this.#bytes);
        const received = this.#reader.read(this.#bytes.subarray(0, length));
        const startMs = performance.now();
        session.receive(received);
        const tookMs = performance.now() - startMs;
        this.stageMs.features += tookMs;
        this.stageMs.frame -= tookMs;
      }
    }
  }

  async #beat(): Promise<void> {
    const startMs = performance.now();
    await this.#batcher.tick();
    const judgedMs = performance.now();
    this.stageMs.batch += judgedMs - startMs;
    for (const { session } of this.#lines) {
      const points = session.takePoints();
      if (points === null) continue;
      this.points += points.length;
      JSON.stringify({ type: 'points', callId: 'call', speakerId: 'speaker', points });
    }
    this.stageMs.points += performance.now() - judgedMs;
  }

  #timed(decoder: SpeechDecoder): SpeechDecoder {
    const { stageMs } = this;
    return {
      decode(packet, out) {
        const startMs = performance.now();
        const samples = decoder.decode(packet, out);
        const tookMs = performance.now() - startMs;
        stageMs.decode += tookMs;
        stageMs.receive -= tookMs;
        return samples;
      },
      recover: (next, sampleCount, out) => decoder.recover(next, sampleCount, out),
      conceal: (sampleCount, out) => decoder.conceal(sampleCount, out),
      close: () => decoder.close(),
    };
  }
}
