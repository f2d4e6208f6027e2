import { z } from 'zod';
import { noiseColours } from '../preprocessing/background-noise.ts';

const share = z.number().min(0).max(1);
/** Lowest and highest of what is drawn evenly between them. */
const range = (low: number, high: number) =>
  z
    .tuple([z.number().min(low).max(high), z.number().min(low).max(high)])
    .refine(([from, to]) => from <= to, 'the lowest must come first');

/** Sounds to put behind a voice. */
const noiseKinds = [...noiseColours, 'babble'] as const;

/** What a variant of a recording goes through, in this order; each `share` is that of the variants it happens to. */
export const waveformEffectsSchema = z.object({
  /** A room: see `roomResponse`. */
  reverberation: z.object({ share, rt60Seconds: range(0.05, 2), directToReverberantDb: range(-20, 40) }),
  /** Something in the background, below the level of the speech; one of the kinds at random. */
  noise: z.object({ share, snrDb: range(-10, 60), kinds: z.array(z.enum(noiseKinds)).min(1) }),
  /** Frequency response of a microphone: its parts by up to ± `rangeDb`. */
  microphone: z.object({ share, rangeDb: z.number().min(0).max(24) }),
  /** Peaks that reach `excessDb` beyond what the input can take. */
  overdrive: z.object({ share, excessDb: range(0, 30) }),
  /** Nothing above: eighth-order low-pass filter. */
  bandLimit: z.object({ share, hz: range(500, 7_900) }),
  /** Level; what then exceeds 16 bits is clipped. */
  gain: z.object({ share, db: range(-40, 20) }),
  /** How it is sent; what is left of 1 is not sent at all. */
  line: z
    .object({ opus: share, muLaw: share, aLaw: share })
    .refine(({ opus, muLaw, aLaw }) => opus + muLaw + aLaw <= 1 + 1e-9, 'the shares of the lines exceed 1'),
  /** The Opus line: bit rates evenly by their logarithm, losses as in `BurstyLoss`. */
  opus: z.object({
    bitsPerSecond: range(6_000, 128_000),
    lossPercent: range(0, 40),
    burstPackets: range(1, 10),
  }),
});
export type WaveformEffects = z.infer<typeof waveformEffectsSchema>;

export const waveformSchema = z.object({
  /** Variants of each training clip; 0: training hears the recordings as they are. */
  variants: z.int().min(0).max(64),
  /** Chance that an epoch hears one of them in place of the clip. */
  share,
  effects: waveformEffectsSchema,
});
export type WaveformOptions = z.infer<typeof waveformSchema>;

/** The channel of our users: rooms, what goes on in them, their microphones, and the lines they call through. */
export const callEffects: WaveformEffects = {
  reverberation: { share: 0.5, rt60Seconds: [0.1, 0.7], directToReverberantDb: [-3, 15] },
  noise: { share: 0.6, snrDb: [5, 35], kinds: ['white', 'pink', 'brown', 'babble'] },
  microphone: { share: 0.7, rangeDb: 8 },
  overdrive: { share: 0.15, excessDb: [2, 15] },
  bandLimit: { share: 0.2, hz: [3_000, 7_000] },
  gain: { share: 0.8, db: [-18, 9] },
  line: { opus: 0.5, muLaw: 0.12, aLaw: 0.12 },
  opus: { bitsPerSecond: [6_000, 32_000], lossPercent: [0, 20], burstPackets: [1, 3] },
};

/** Training on recordings as they are. */
export const noVariants: WaveformOptions = { variants: 0, share: 0.5, effects: callEffects };
