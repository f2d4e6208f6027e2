import { babble } from '../preprocessing/babble.ts';
import { colouredNoise, withNoise } from '../preprocessing/background-noise.ts';
import { butterworthLowPass, filtered } from '../preprocessing/biquad.ts';
import { toFloat, toInt16 } from '../preprocessing/int16.ts';
import { throughMicrophone } from '../preprocessing/microphone.ts';
import { throughOpus } from '../preprocessing/opus-line.ts';
import { overdriveKinds, overdriven } from '../preprocessing/overdrive.ts';
import { BurstyLoss } from '../preprocessing/packet-loss.ts';
import { inRoom } from '../preprocessing/reverberation.ts';
import { throughTelephone } from '../preprocessing/telephone.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { WaveformEffects } from './waveform-options.ts';

const sampleRateHz = 16_000;
/** Four second-order sections: eighth order. */
const bandLimitSections = 4;
/** What browsers on telephones spend on Opus. */
const opusComplexity = 5;

/**
 * 16 kHz `samples` as they might have been recorded and sent: the same length, the same for the same random numbers.
 * @param voices other recordings, for babble; without any, pink noise takes its place
 */
export async function augmentWaveform(
  samples: Int16Array,
  effects: WaveformEffects,
  voices: readonly Int16Array[],
  random: SeededRandom,
): Promise<Int16Array> {
  const happens = ({ share }: { share: number }) => random.next() < share;
  const { reverberation, noise, microphone, overdrive, bandLimit, gain } = effects;
  let heard = toFloat(samples);
  if (happens(reverberation)) {
    const room = {
      rt60Seconds: random.between(...reverberation.rt60Seconds),
      directToReverberantDb: random.between(...reverberation.directToReverberantDb),
    };
    heard = inRoom(heard, room, sampleRateHz, random);
  }
  if (happens(noise)) {
    const kind = noise.kinds[random.integer(noise.kinds.length)];
    const snrDb = random.between(...noise.snrDb);
    const sound =
      kind === 'babble' && voices.length > 0
        ? babble(voices, heard.length, random)
        : colouredNoise(kind === 'babble' ? 'pink' : kind, heard.length, random);
    heard = withNoise(heard, sound, snrDb);
  }
  if (happens(microphone)) heard = throughMicrophone(heard, microphone.rangeDb, sampleRateHz, random);
  if (happens(overdrive)) {
    const kind = overdriveKinds[random.integer(overdriveKinds.length)];
    heard = overdriven(heard, random.between(...overdrive.excessDb), kind);
  }
  if (happens(bandLimit)) {
    heard = filtered(
      heard,
      butterworthLowPass(random.between(...bandLimit.hz), bandLimitSections, sampleRateHz),
    );
  }
  if (happens(gain)) {
    const factor = 10 ** (random.between(...gain.db) / 20);
    heard = heard.map((sample) => factor * sample);
  }
  return throughLine(toInt16(heard), effects, random);
}

async function throughLine(
  samples: Int16Array,
  { line, opus }: WaveformEffects,
  random: SeededRandom,
): Promise<Int16Array> {
  const draw = random.next();
  if (draw < line.opus) {
    const [lowest, highest] = opus.bitsPerSecond;
    const lossPercent = random.between(...opus.lossPercent);
    const loss = new BurstyLoss(
      { lossShare: lossPercent / 100, burstPackets: random.between(...opus.burstPackets) },
      random,
    );
    return throughOpus(samples, {
      bitsPerSecond: Math.round(lowest * (highest / lowest) ** random.next()),
      application: random.next() < 0.5 ? 'voip' : 'audio',
      complexity: opusComplexity,
      expectedLossPercent: Math.round(lossPercent),
      lost: () => loss.next(),
    });
  }
  if (draw < line.opus + line.muLaw) return throughTelephone(samples, 'mu');
  if (draw < line.opus + line.muLaw + line.aLaw) return throughTelephone(samples, 'a');
  return samples;
}
