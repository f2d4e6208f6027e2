import { createDecoder, createEncoder } from 'libopus-wasm';
import { SeededRandom } from '../seeded-random.ts';
import { toFloat, toInt16 } from './int16.ts';
import { throughMuLaw } from './mu-law.ts';
import { resample } from './resample.ts';

/** What the audio of our users goes through. */
export const channelNames = ['clean', 'opus16-loss10', 'g711', 'noise10'] as const;
export type ChannelName = (typeof channelNames)[number];

const sampleRateHz = 16_000;
const packetSamples = 320;
const opusBitsPerSecond = 16_000;
const lossPercent = 10;
const telephoneRateHz = 8_000;
const noiseSnrDb = 10;
/** Packets this far below the loudest are pauses, and don't count for the level of the speech. */
const activeRangeDb = 30;

/** 16 kHz samples as they arrive after the channel; the same for the same seed. */
export async function throughChannel(
  channel: ChannelName,
  samples: Int16Array,
  seed: number,
): Promise<Int16Array> {
  switch (channel) {
    case 'clean':
      return samples;
    case 'opus16-loss10':
      return throughOpus(samples, new SeededRandom(seed));
    case 'g711':
      return throughTelephone(samples);
    case 'noise10':
      return withNoise(samples, new SeededRandom(seed));
  }
}

/** The seed of a file: its name's, so that neither folder nor order changes what is lost. FNV-1a. */
export function channelSeed(file: string): number {
  let hash = 0x811c9dc5;
  for (const character of file.slice(file.lastIndexOf('/') + 1)) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return hash >>> 0;
}

/** Opus at 16 kb/s with in-band FEC, a tenth of the packets lost; the decoder uses FEC where the next packet came. */
async function throughOpus(samples: Int16Array, random: SeededRandom): Promise<Int16Array> {
  const encoder = await createEncoder({
    sampleRate: sampleRateHz,
    channels: 1,
    application: 2048,
    bitrate: opusBitsPerSecond,
    fec: true,
    packetLossPercent: lossPercent,
    frameSize: packetSamples,
  });
  const decoder = await createDecoder({ sampleRate: sampleRateHz, channels: 1 });
  try {
    const packets: (Uint8Array | null)[] = [];
    for (let at = 0; at < samples.length; at += packetSamples) {
      const frame = new Int16Array(packetSamples);
      frame.set(samples.subarray(at, at + packetSamples));
      const packet = encoder.encode(frame);
      packets.push(100 * random.next() < lossPercent ? null : packet);
    }
    const heard = new Int16Array(packets.length * packetSamples);
    for (const [i, packet] of packets.entries()) {
      const next = packets[i + 1] ?? null;
      const options = { frameSize: packetSamples };
      const decoded =
        packet !== null
          ? decoder.decode(packet, options)
          : next !== null
            ? decoder.decode(next, { ...options, decodeFec: true })
            : decoder.decodePacketLoss(packetSamples);
      heard.set(decoded.subarray(0, packetSamples), i * packetSamples);
    }
    return heard.subarray(0, samples.length);
  } finally {
    encoder.free();
    decoder.free();
  }
}

async function throughTelephone(samples: Int16Array): Promise<Int16Array> {
  const narrow = await resample(toFloat(samples), sampleRateHz, telephoneRateHz);
  const companded = toInt16(narrow).map(throughMuLaw);
  return toInt16(await resample(toFloat(companded), telephoneRateHz, sampleRateHz));
}

/** Pink noise (Kellet's three-pole filter) 10 dB below the mean power of the packets with speech. */
function withNoise(samples: Int16Array, random: SeededRandom): Int16Array {
  const noise = new Float64Array(samples.length);
  let [slow, middle, fast] = [0, 0, 0];
  let noisePower = 0;
  for (let i = 0; i < noise.length; i++) {
    const white = random.normal();
    slow = 0.99765 * slow + 0.099046 * white;
    middle = 0.963 * middle + 0.2965164 * white;
    fast = 0.57 * fast + 1.0526913 * white;
    noise[i] = slow + middle + fast + 0.1848 * white;
    noisePower += noise[i] ** 2 / noise.length;
  }
  const gain = Math.sqrt(activePower(samples) / 10 ** (noiseSnrDb / 10) / Math.max(noisePower, 1e-9));
  return samples.map((sample, i) =>
    Math.max(-32_768, Math.min(32_767, Math.round(sample + gain * noise[i]))),
  );
}

function activePower(samples: Int16Array): number {
  const powers: number[] = [];
  for (let at = 0; at < samples.length; at += packetSamples) {
    const packet = samples.subarray(at, at + packetSamples);
    powers.push(packet.reduce((sum, sample) => sum + sample * sample, 0) / packet.length);
  }
  const quietest = Math.max(...powers) / 10 ** (activeRangeDb / 10);
  const active = powers.filter((power) => power >= quietest);
  return active.reduce((sum, power) => sum + power, 0) / Math.max(1, active.length);
}
