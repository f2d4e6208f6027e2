import { SeededRandom } from '../seeded-random.ts';
import { colouredNoise, withNoise } from './background-noise.ts';
import { toFloat, toInt16 } from './int16.ts';
import { throughOpus } from './opus-line.ts';
import { throughTelephone } from './telephone.ts';

/** What the audio of our users goes through. */
export const channelNames = ['clean', 'opus16-loss10', 'g711', 'noise10'] as const;
export type ChannelName = (typeof channelNames)[number];

const noiseSnrDb = 10;

/** 16 kHz samples as they arrive after the channel; the same for the same seed. */
export async function throughChannel(
  channel: ChannelName,
  samples: Int16Array,
  seed: number,
): Promise<Int16Array> {
  const random = new SeededRandom(seed);
  switch (channel) {
    case 'clean':
      return samples;
    case 'opus16-loss10':
      return throughOpus(samples, {
        bitsPerSecond: 16_000,
        application: 'voip',
        complexity: 10,
        expectedLossPercent: 10,
        lost: () => random.next() < 0.1,
      });
    case 'g711':
      return throughTelephone(samples, 'mu');
    case 'noise10':
      return toInt16(withNoise(toFloat(samples), colouredNoise('pink', samples.length, random), noiseSnrDb));
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
