import { blankPcmFrame } from '@undertone/wire';
import { FrameRing } from '../../../apps/sfu-bridge/src/tap/frame-ring.ts';
import { OpusStream } from '../../../apps/sfu-bridge/src/tap/opus-stream.ts';
import { SpeechTrack } from '../../../apps/sfu-bridge/src/tap/speech-track.ts';
import { TapCounters } from '../../../apps/sfu-bridge/src/tap/tap-counters.ts';
import { seededRandom } from '../seeded-random.ts';
import { epochMs, packet, payloadType, ScriptedDecoder, wideband20 } from './scripted-stream.ts';

export interface Circumstances {
  /** How much faster the sender's media clock runs than the wall clock. */
  skew: number;
  /** How far the wall clock of the sender is off; null if its packets don't tell capture times. */
  wallErrorMs: number | null;
  /** Whether the router sends reports: exact to `reportErrorMs`. */
  reportErrorMs: number | null;
  seed: number;
}

export interface Heard {
  /** For each marker that arrived: where on the timeline it lies, less where it was spoken. */
  errorsMs: number[];
  /** Markers that were sent and not lost. */
  markers: number;
  counters: TapCounters;
  /** The most by which a frame began before the end of the one before it. */
  overlapMs: number;
}

interface Arrival {
  atMs: number;
  bytes: Buffer;
}

const hourMs = 3_600_000;
const markerEvery = 150;
/** Between the markers, so that no rounding of samples confuses them. */
const firstMarker = 1_000;

/**
 * An hour of one speaker through an `OpusStream`: speech, DTX, pauses in which nothing is sent, mutes in which the media
 * clock stands still, jitter, reordering, 1 % loss, and after half an hour a reconnect with other numbers.
 */
export function simulateHour({ skew, wallErrorMs, reportErrorMs, seed }: Circumstances): Heard {
  const random = seededRandom(seed);
  const counters = new TapCounters();
  const ring = new FrameRing(8, counters);
  const spokenMs = new Map<number, number>();
  const heard: Heard = { errorsMs: [], markers: 0, counters, overlapMs: 0 };
  const frame = { ...blankPcmFrame(), streamId: 1 };
  let endMs = epochMs;
  let last = 0;
  const track = new SpeechTrack(ring, epochMs, () => {
    ring.take(frame);
    heard.overlapMs = Math.max(heard.overlapMs, endMs - frame.captureMs);
    endMs = frame.captureMs + frame.sampleCount / 16;
    for (let i = 0; i < frame.sampleCount; i++) {
      const value = frame.samples?.[i] ?? 0;
      const trueMs = value === last ? undefined : spokenMs.get(value);
      last = value;
      if (trueMs !== undefined) heard.errorsMs.push(frame.captureMs + i / 16 - trueMs);
    }
  });
  const stream = new OpusStream({
    format: { payloadType, audioLevelId: 0, absCaptureTimeId: 2 },
    playoutDelayMs: 80,
    maxPlayoutDelayMs: 240,
    decoder: new MarkerDecoder(),
    track,
    counters,
  });

  const arrivals: Arrival[] = [];
  let nowMs = epochMs;
  /** Lets time pass and packets arrive until `untilMs`. */
  const pass = (untilMs: number): void => {
    arrivals.sort((a, b) => a.atMs - b.atMs);
    while (nowMs < untilMs) {
      nowMs += 20;
      while (arrivals.length > 0 && arrivals[0].atMs <= nowMs) {
        const { bytes, atMs } = arrivals.shift()!;
        stream.receive(bytes, atMs);
      }
      stream.tick(nowMs);
    }
  };

  let spokenAtMs = epochMs;
  let mediaMs = 0;
  let n = 0;
  let ssrc = 1;
  let packets = 0;
  let reportDueMs = epochMs + 1_500;
  /** Time goes on for the media clock too. */
  const wait = (ms: number): void => {
    spokenAtMs += ms;
    mediaMs += ms * (1 + skew);
  };
  const send = (payload: Uint8Array, marker: number | null): void => {
    const lost = random() < 0.01;
    const jitterMs = random() < 0.1 ? 40 * random() : 8 * random();
    const toldMs = wallErrorMs === null ? {} : { toldMs: spokenAtMs + wallErrorMs };
    const bytes = packet({ n: n & 0xffff, place: mediaMs / 20, payload, ssrc, ...toldMs });
    n++;
    if (lost) return;
    if (marker !== null) {
      heard.markers++;
      spokenMs.set(marker, spokenAtMs);
    }
    arrivals.push({ atMs: spokenAtMs + 20 + 5 + jitterMs, bytes });
  };
  const speak = (ms: number): void => {
    for (let spoken = 0; spoken < ms; spoken += 20) {
      const marker = ++packets % markerEvery === 0 ? firstMarker + packets / markerEvery : null;
      const value = marker ?? 1 + (packets % 2);
      send(Uint8Array.of(wideband20, 0, value & 0xff, value >> 8), marker);
      wait(20 / (1 + skew));
      if (reportErrorMs !== null && spokenAtMs > reportDueMs) {
        const at = packet({ n: 0, place: mediaMs / 20 });
        pass(spokenAtMs - 40);
        stream.report(spokenAtMs + reportErrorMs, at.readUInt32BE(4), spokenAtMs);
        reportDueMs = spokenAtMs + 1_500;
      }
    }
    pass(spokenAtMs);
  };

  let reconnected = false;
  while (spokenAtMs < epochMs + hourMs) {
    speak(2_000 + 8_000 * random());
    const roll = random();
    if (!reconnected && spokenAtMs > epochMs + hourMs / 2) {
      reconnected = true;
      pass(spokenAtMs + 500);
      spokenAtMs += 3_000;
      mediaMs = 77_000_000;
      n = 12_345;
      ssrc = 2;
    } else if (roll < 0.7) {
      for (const endsMs = spokenAtMs + 1_000 + 5_000 * random(); spokenAtMs < endsMs; wait(400)) {
        send(Uint8Array.of(wideband20), null);
      }
    } else if (roll < 0.85) {
      wait(30_000 * random());
    } else {
      pass(spokenAtMs + 500);
      spokenAtMs += 30_000 * random() + 500;
      pass(spokenAtMs);
      stream.resume();
    }
    pass(spokenAtMs);
  }
  pass(spokenAtMs + 2_000);
  stream.close();
  return heard;
}

/** "Decodes" a packet to 20 ms of the number that it carries. */
class MarkerDecoder extends ScriptedDecoder {
  override decode(payload: Uint8Array, out: Int16Array): number {
    out.fill(payload.length > 2 ? payload[2] | (payload[3] << 8) : 0, 0, 320);
    return 320;
  }

  override conceal(sampleCount: number, out: Int16Array): number {
    out.fill(-1_000, 0, sampleCount);
    return sampleCount;
  }
}
