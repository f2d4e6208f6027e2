import {
  decodePcmFrame,
  encodePcmFrame,
  maxFrameBytes,
  parseAnalysisMessage,
  parseBridgeMessage,
  parseCreditMessage,
  parseTapMessage,
  WireError,
} from '@undertone/wire';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { DashboardLink } from '../../apps/analyzer/src/downlink/dashboard-link.ts';
import { BridgeConnection } from '../../apps/analyzer/src/ingest/bridge-connection.ts';
import { IngestRefusals } from '../../apps/analyzer/src/ingest/ingest-refusals.ts';
import { DriftMonitor } from '../../apps/analyzer/src/model/drift-monitor.ts';
import { ModelDesk } from '../../apps/analyzer/src/model/model-desk.ts';
import { ModelRelay } from '../../apps/analyzer/src/model/model-relay.ts';
import { Roster } from '../../apps/analyzer/src/session/roster.ts';
import { SessionCounts } from '../../apps/analyzer/src/session/session-counts.ts';
import { ScriptedEngine, scriptedModel } from '../analyzer/scripted-model.ts';
import { customer, epochMs, FrameScript, sentence } from '../analyzer/spoken-frames.ts';
import { bytesInUse } from './heap.ts';
import { mutated } from './mutation.ts';

vi.setConfig({ testTimeout: 180_000 });

const silent = { debug: () => {}, info: () => {}, warn: () => {} };
const encoded = (frame: Parameters<typeof encodePcmFrame>[0]): Uint8Array => {
  const bytes = new Uint8Array(maxFrameBytes);
  return bytes.slice(0, encodePcmFrame(frame, bytes));
};
const script = new FrameScript(1);
const realFrames = [...script.speak(sentence('08a02Wc'), [40, 320, 640, 1_920]), ...script.silence(200)].map(
  encoded,
);
const text = (message: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(message));
const speaker = customer('mara');
const messages = [
  { type: 'hello', protocol: 1, bridgeId: 'bridge-1' },
  { type: 'hello', protocol: 1, analyzerId: 'analyzer-1' },
  { type: 'speaker-joined', streamId: 1, speaker },
  { type: 'speaker-joined', speaker },
  { type: 'speaker-updated', streamId: 1, speaker: { ...speaker, muted: true } },
  { type: 'speaker-left', streamId: 1, callId: speaker.callId, speakerId: speaker.id },
  { type: 'credit', frames: 512 },
  {
    type: 'points',
    callId: speaker.callId,
    speakerId: speaker.id,
    points: [{ atMs: 1, state: 'silence', probabilities: null, valence: null, arousal: null, confidence: 0 }],
  },
  { type: 'hello', tapId: 'tap-1' },
  { type: 'check-pipe', requestId: 1, callId: 'call-1' },
].map(text);

describe('hostile frames and messages', () => {
  it('are frames that encode to the same bytes, or refused with a code: 20,000 damaged frames', () => {
    let accepted = 0;
    const codes = new Set<string>();
    fc.assert(
      fc.property(mutated(realFrames), (bytes) => {
        try {
          const frame = decodePcmFrame(bytes);
          accepted++;
          // The unused bits of the flags are ignored.
          return Buffer.compare(encoded(frame).subarray(4), bytes.subarray(4)) === 0;
        } catch (error) {
          if (!(error instanceof WireError)) throw error;
          codes.add(error.code);
          return true;
        }
      }),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(2_000);
    expect([...codes].sort()).toEqual([
      'frame-malformed',
      'frame-oversized',
      'frame-truncated',
      'frame-version',
    ]);
  });

  it('are messages or refused with a code, by each of the four who read them: 5,000 damaged messages', () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutated(messages), (bytes) => {
        const read = new TextDecoder().decode(bytes);
        for (const parse of [parseBridgeMessage, parseAnalysisMessage, parseCreditMessage, parseTapMessage]) {
          try {
            parse(read);
            accepted++;
          } catch (error) {
            if (!(error instanceof WireError)) throw error;
          }
        }
      }),
      { numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });
});

describe("the analyzer's ingest under attack", () => {
  /** A socket that takes everything. */
  const socket = { send: () => {}, close: () => {}, pause: () => {}, resume: () => {} };

  function setUp() {
    const clock = () => epochMs + 60_000;
    const relay = new ModelRelay(
      { model: scriptedModel, engine: new ScriptedEngine() },
      { round: () => {}, failed: () => {}, tick: () => {} },
      () => 0,
      clock,
    );
    const drift = new DriftMonitor(scriptedModel, { shiftDeviations: 1, stabilityIndex: 0.25 });
    const place = { modelRoot: '/', engine: 'onnx', precision: 'float32' } as const;
    const models = new ModelDesk(relay, drift, place, () => 0, clock, silent);
    const link = new DashboardLink('ws://127.0.0.1:9/ingest', 'analyzer-test', () => 0, silent);
    const counts = new SessionCounts();
    const roster = new Roster(models, link, counts, clock);
    const refusals = new IngestRefusals();
    const limits = { maxSpeakers: 8, creditFrames: 4_096, maxRefusals: Number.POSITIVE_INFINITY };
    const open = (id: number) =>
      new BridgeConnection(id, socket as unknown as WebSocket, roster, refusals, limits, clock, silent);
    return { relay, roster, refusals, counts, link, open };
  }

  it('counts all of 20,000 damaged frames and messages as taken or refused, keeps no memory, and then judges as ever', async () => {
    const { relay, roster, refusals, counts, link, open } = setUp();
    const connection = open(1);
    let sent = 0;
    let frames = 0;
    /** Whole frames of one stream that nothing is wrong with, damaged ones of any, and messages of every kind. */
    const input = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...realFrames).map((bytes) => ({ bytes, binary: true })) },
      { weight: 4, arbitrary: mutated(realFrames).map((bytes) => ({ bytes, binary: true })) },
      { weight: 1, arbitrary: fc.constantFrom(...messages).map((bytes) => ({ bytes, binary: false })) },
      { weight: 1, arbitrary: mutated(messages).map((bytes) => ({ bytes, binary: false })) },
    );
    const assault = () =>
      fc.assert(
        fc.asyncProperty(fc.array(input, { minLength: 80, maxLength: 120, size: 'max' }), async (inputs) => {
          for (const { bytes, binary } of inputs) {
            sent++;
            if (binary) frames++;
            if (binary) connection.readBinary(bytes as Buffer);
            else connection.readText(new TextDecoder().decode(bytes));
          }
          await relay.tick();
          roster.publish();
          connection.resumeIfRelieved();
          connection.grantCredit();
          expect(roster.size).toBeLessThanOrEqual(16);
          const refused = Object.values(refusals.counts).reduce((sum, count) => sum + count, 0);
          expect(connection.frames).toBeLessThanOrEqual(frames);
          expect(refused + connection.frames).toBeLessThanOrEqual(sent);
          // What is neither is a message that was taken.
          expect(refused + connection.frames).toBeGreaterThanOrEqual(frames);
        }),
        { numRuns: 110 },
      );
    connection.readText(new TextDecoder().decode(messages[0]));
    await assault();
    const before = await bytesInUse();
    await assault();
    const grown = (await bytesInUse()) - before;
    expect(sent).toBeGreaterThan(20_000);
    // Points wait in the outbox for a dashboard that never comes; it is bounded, and grows here.
    expect(grown).toBeLessThan(6_000_000 + 400 * link.queued);
    expect(connection.frames).toBeGreaterThan(1_000);
    expect(counts.staleFrames).toBeGreaterThan(100);

    const spoken = (streamId: number) =>
      new FrameScript(streamId).speak(sentence('11b09Fd')).map((frame) => encoded(frame) as Buffer);
    const judge = async (to: ReturnType<typeof setUp>, judged: BridgeConnection) => {
      const made = { ...to.counts.points };
      judged.readText(JSON.stringify({ type: 'speaker-joined', streamId: 99, speaker: customer('ilse') }));
      for (const bytes of spoken(99)) {
        judged.readBinary(bytes);
        await to.relay.tick();
        to.roster.publish();
        judged.grantCredit();
      }
      return Object.entries(to.counts.points).map(([state, count]) => [
        state,
        count - made[state as keyof typeof made],
      ]);
    };
    const quiet = setUp();
    const fresh = quiet.open(1);
    fresh.readText(new TextDecoder().decode(messages[0]));
    for (let streamId = 0; streamId < 8; streamId++)
      connection.readText(JSON.stringify({ type: 'speaker-left', streamId, callId: 'c', speakerId: 's' }));
    await relay.tick();
    roster.publish();
    expect(await judge({ relay, roster, refusals, counts, link, open }, connection)).toEqual(
      await judge(quiet, fresh),
    );
  });
});
