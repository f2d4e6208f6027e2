import { createDecoder, createEncoder } from 'libopus-wasm';

const sampleRateHz = 16_000;
const packetSamples = 320;
/** Longer losses stay silent from here on, as in the bridge: 120 ms. */
const maxConcealedPackets = 6;
const applications = { voip: 2048, audio: 2049 } as const;

/** How audio is sent and what is lost of it. */
export interface OpusLine {
  bitsPerSecond: number;
  application: keyof typeof applications;
  /** 0…10: what the encoder spends; browsers on telephones use 5. */
  complexity: number;
  /** What the encoder expects to be lost: it spends bits on in-band FEC accordingly. */
  expectedLossPercent: number;
  /** Asked once for every packet, in order. */
  lost(): boolean;
}

/**
 * 16 kHz samples after Opus in packets of 20 ms, as the bridge hears them: a loss is rebuilt from the in-band FEC of the
 * next packet where that came (RFC 6716 §2.1.7), else concealed for at most 120 ms and silent thereafter.
 */
export async function throughOpus(samples: Int16Array, line: OpusLine): Promise<Int16Array> {
  const encoder = await createEncoder({
    sampleRate: sampleRateHz,
    channels: 1,
    application: applications[line.application],
    bitrate: line.bitsPerSecond,
    complexity: line.complexity,
    fec: true,
    packetLossPercent: line.expectedLossPercent,
    frameSize: packetSamples,
  });
  const decoder = await createDecoder({ sampleRate: sampleRateHz, channels: 1 });
  try {
    const packets: (Uint8Array | null)[] = [];
    const frame = new Int16Array(packetSamples);
    for (let at = 0; at < samples.length; at += packetSamples) {
      frame.fill(0);
      frame.set(samples.subarray(at, at + packetSamples));
      const packet = encoder.encode(frame);
      packets.push(line.lost() ? null : packet);
    }
    const heard = new Int16Array(packets.length * packetSamples);
    let concealed = 0;
    for (const [i, packet] of packets.entries()) {
      const next = packets[i + 1] ?? null;
      let decoded: Int16Array | null = null;
      if (packet !== null) decoded = decoder.decode(packet, { frameSize: packetSamples });
      else if (next !== null) decoded = decoder.decode(next, { frameSize: packetSamples, decodeFec: true });
      else if (concealed < maxConcealedPackets) decoded = decoder.decodePacketLoss(packetSamples);
      concealed = packet === null ? concealed + 1 : 0;
      if (decoded !== null) heard.set(decoded.subarray(0, packetSamples), i * packetSamples);
    }
    return heard.subarray(0, samples.length);
  } finally {
    encoder.free();
    decoder.free();
  }
}
