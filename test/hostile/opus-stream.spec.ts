import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { libopusWasm } from '../../apps/sfu-bridge/src/opus/libopus-wasm-decoder.ts';
import { hasInbandFec, maxPacketTicks, packetTicks } from '../../apps/sfu-bridge/src/opus/opus-packet.ts';
import { type SpeechDecoder, undecodable } from '../../apps/sfu-bridge/src/opus/speech-decoder.ts';
import type { OpusStream } from '../../apps/sfu-bridge/src/tap/opus-stream.ts';
import { epochMs, packet, payloadType, setUp } from '../bridge/opus-stream/scripted-stream.ts';
import { snrDb } from '../bridge/opus-stream/signal-to-noise.ts';
import { bytesInUse } from './heap.ts';
import { mutated } from './mutation.ts';
import { opusPackets } from './opus-packets.ts';

vi.setConfig({ testTimeout: 180_000 });

const opened: SpeechDecoder[] = [];
afterEach(() => {
  for (const decoder of opened.splice(0)) decoder.close();
});
async function openDecoder(): Promise<SpeechDecoder> {
  const decoder = await libopusWasm.create();
  opened.push(decoder);
  return decoder;
}

const { speech, all } = await opusPackets();
/** Not Opus, or hardly: no bytes, frames that add up to more than 120 ms, lengths past the end (RFC 6716 §3.4). */
const malformed = [
  new Uint8Array(0),
  Uint8Array.of(0xff, 0xff, 1, 2),
  Uint8Array.of(0x1b, 0x3f, 9),
  Uint8Array.of(0x4a, 252, 255, 0),
  Uint8Array.of(0x4b, 0xc2, 255, 255, 0),
  Uint8Array.of(0x03),
  new Uint8Array(1_400).fill(0x4b),
];
const payloads = [...all, ...malformed];

describe('hostile Opus', () => {
  it('is as long as its first bytes say, or refused, and leaves the decoder sound: 10,000 damaged packets', async () => {
    const decoder = await openDecoder();
    const out = new Int16Array(1_920);
    let decoded = 0;
    let refused = 0;
    fc.assert(
      fc.property(mutated(payloads), (payload) => {
        const ticks = packetTicks(payload);
        if (ticks < 0 || ticks > maxPacketTicks || typeof hasInbandFec(payload) !== 'boolean') return false;
        if (ticks === 0) return true;
        const samples = decoder.decode(payload, out);
        if (samples === undecodable) refused++;
        else decoded++;
        return samples === undecodable || samples === ticks / 3;
      }),
      { numRuns: 10_000 },
    );
    expect(decoded).toBeGreaterThan(3_000);
    expect(refused).toBeGreaterThan(300);
    const fresh = await openDecoder();
    const lines = [decoder, fresh].map((each) =>
      speech.flatMap((payload) => [...out.subarray(0, each.decode(payload, out))]),
    );
    expect(snrDb(lines[1]!.slice(8_000), lines[0]!.slice(8_000))).toBeGreaterThan(40);
  });
});

/** What a hostile sender does next. */
const act = fc.record({
  payload: fc.oneof(
    { weight: 5, arbitrary: fc.nat(speech.length - 1).map((n) => speech[n]!) },
    { weight: 3, arbitrary: fc.constantFrom(...payloads) },
    { weight: 3, arbitrary: mutated(payloads) },
  ),
  step: fc.oneof(
    { weight: 20, arbitrary: fc.constant(1) },
    { weight: 2, arbitrary: fc.integer({ min: -2, max: 4 }) },
    { weight: 1, arbitrary: fc.integer({ min: -150, max: 3_500 }) },
    { weight: 1, arbitrary: fc.nat(0xffff) },
  ),
  ticks: fc.oneof(
    { weight: 20, arbitrary: fc.constant(960) },
    { weight: 1, arbitrary: fc.integer({ min: -48_000, max: 480_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }) },
  ),
  /** Of three senders, and comfort noise or another payload type now and then. */
  ssrc: fc.constantFrom(...new Array(20).fill(1), 2, 3),
  type: fc.constantFrom(...new Array(24).fill(payloadType), 13, 111),
  /** From here on; null: as before. */
  level: fc.oneof(
    { weight: 24, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(undefined, 20, 70, 127, 0x80 | 90, 0xff) },
  ),
  told: fc.constantFrom(undefined, undefined, undefined, 0, -40, 10_800_000, -1e12),
  report: fc.constantFrom(null, null, null, null, null, null, null, 0, 86_400_000, -3_000),
  damage: fc.oneof({ weight: 30, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(11) }),
  afterMs: fc.constantFrom(0, 20, 20, 20, 20, 60, 250, 3_000, 20_000),
  resumes: fc.integer({ min: 0, max: 40 }).map((roll) => roll === 0),
});

/** A sender's numbers, and the time. */
class Attack {
  nowMs = epochMs;
  /** Sent without any Opus in them: they are ignored once their turn comes. */
  empty = 0;
  #number = 0;
  #place = 0;
  #level: number | undefined = 127;
  readonly #stream: OpusStream;

  constructor(stream: OpusStream) {
    this.#stream = stream;
  }

  run(acts: readonly (typeof act extends fc.Arbitrary<infer Value> ? Value : never)[]): void {
    for (const { payload, step, ticks, ssrc, type, level, told, report, damage, afterMs, resumes } of acts) {
      this.#number = (this.#number + step) & 0xffff;
      this.#place = (this.#place + ticks / 960 + 4_000_000) % 4_000_000;
      if (level !== null) this.#level = level;
      this.#pass(afterMs);
      const bytes = packet({
        n: this.#number,
        place: this.#place,
        payload,
        ssrc,
        type,
        ...(this.#level === undefined ? {} : { level: this.#level }),
        ...(told === undefined ? {} : { toldMs: this.nowMs - 20 + told }),
      });
      if (damage !== null) bytes[damage]! ^= 0x10 << (damage % 4);
      if (payload.length === 0 || type === 13 || damage !== null) this.empty++;
      this.#stream.receive(bytes, this.nowMs);
      if (report !== null) this.#stream.report(this.nowMs + report, this.#place * 960, this.nowMs);
      if (resumes) this.#stream.resume();
    }
  }

  /** Speaks plainly, as another sender, from now on. */
  speak(speechPackets: readonly Uint8Array[], ssrc: number): void {
    for (const [n, payload] of speechPackets.entries()) {
      this.#pass(20);
      this.#stream.receive(packet({ n, payload, ssrc }), this.nowMs);
    }
    this.#pass(700);
  }

  #pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (; this.nowMs + 20 <= untilMs; this.nowMs += 20) this.#stream.tick(this.nowMs + 20);
    this.nowMs = untilMs;
  }
}

type Acts = Parameters<Attack['run']>[0];

/** A decoder that outlives the streams that use it. */
function lent(decoder: SpeechDecoder): SpeechDecoder {
  return {
    decode: (payload, out) => decoder.decode(payload, out),
    recover: (next, sampleCount, out) => decoder.recover(next, sampleCount, out),
    conceal: (sampleCount, out) => decoder.conceal(sampleCount, out),
    close: () => {},
  };
}

/** What was heard at the end: the first half second is where a decoder forgets what it heard before. */
function lastHeard({ frames, track }: Pick<ReturnType<typeof setUp>, 'frames' | 'track'>): number[] {
  track.flush();
  const line = frames.flatMap(({ samples, sampleCount }) => [...(samples ?? new Int16Array(sampleCount))]);
  return line.slice(0, line.findLastIndex((sample) => sample !== 0) + 1).slice(-20_000);
}

describe('an Opus stream under attack', () => {
  it('accounts for over 40,000 adversarial packets, is never ahead of time, keeps no memory, and then hears speech as ever', async () => {
    const decoder = lent(await openDecoder());
    const totals: Record<string, number> = {};
    let last = setUp({ decoder });
    let attack = new Attack(last.stream);
    const check = (acts: Acts) => {
      last.stream.close();
      last = setUp({ decoder });
      attack = new Attack(last.stream);
      attack.run(acts);
      const { counters } = last;
      for (const { sampleCount, samples, concealedSamples, captureMs } of last.frames.splice(0)) {
        const sound =
          sampleCount > 0 &&
          sampleCount <= 1_920 &&
          (samples?.length ?? sampleCount) === sampleCount &&
          concealedSamples <= sampleCount &&
          // Whatever its sender says of itself, but for the half second that a line may be ahead.
          captureMs < attack.nowMs + 600;
        if (!sound)
          throw new Error(`${sampleCount} samples captured at ${captureMs}, now is ${attack.nowMs}`);
      }
      const faults = Object.values(counters.faults).reduce((sum, count) => sum + count, 0);
      const { duplicatePackets, latePackets, suspectPackets, discardedPackets, heldPackets } = counters;
      const { decodedPackets, decodeErrors, gatedPackets } = counters;
      const refused = faults + duplicatePackets + latePackets + suspectPackets + discardedPackets;
      const played = decodedPackets + decodeErrors + gatedPackets;
      expect(counters.packets).toBe(acts.length);
      // What waits in the look-back of a closed gate is not counted yet.
      const open = acts.length - refused - heldPackets - played;
      expect(open).toBeGreaterThanOrEqual(0);
      expect(open).toBeLessThanOrEqual(attack.empty + 64);
      for (const [name, count] of Object.entries(counters))
        if (typeof count === 'number') totals[name] = (totals[name] ?? 0) + count;
    };
    const assault = () =>
      fc.assert(fc.property(fc.array(act, { minLength: 120, maxLength: 200, size: 'max' }), check), {
        numRuns: 150,
      });

    assault();
    const before = await bytesInUse();
    assault();
    const grown = (await bytesInUse()) - before;
    expect(totals.packets).toBeGreaterThan(40_000);
    expect(grown).toBeLessThan(4_000_000);
    for (const kind of [
      ...['decodedPackets', 'decodeErrors', 'gatedPackets', 'latePackets', 'duplicatePackets'],
      ...['suspectPackets', 'restarts', 'lostPackets', 'recoveredSamples', 'concealedSamples'],
    ])
      expect(totals[kind], kind).toBeGreaterThan(50);

    attack.speak(speech, 77);
    const fresh = setUp({ decoder: await openDecoder() });
    new Attack(fresh.stream).speak(speech, 77);
    expect(snrDb(lastHeard(fresh), lastHeard(last))).toBeGreaterThan(40);
  });
});
