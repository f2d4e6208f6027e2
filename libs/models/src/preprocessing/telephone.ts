import { throughALaw } from './a-law.ts';
import { toFloat, toInt16 } from './int16.ts';
import { throughMuLaw } from './mu-law.ts';
import { resample } from './resample.ts';

const sampleRateHz = 16_000;
const telephoneRateHz = 8_000;

/** The two characteristics of ITU-T G.711: `mu` in America and Japan, `a` elsewhere. */
export type CompandingLaw = 'mu' | 'a';

/** 16 kHz samples after a G.711 line: an 8 kHz sample rate, companding to 8 bits and back. */
export async function throughTelephone(samples: Int16Array, law: CompandingLaw): Promise<Int16Array> {
  const narrow = await resample(toFloat(samples), sampleRateHz, telephoneRateHz);
  const companded = toInt16(narrow).map(law === 'mu' ? throughMuLaw : throughALaw);
  const wide = toInt16(await resample(toFloat(companded), telephoneRateHz, sampleRateHz));
  if (wide.length === samples.length) return wide;
  const heard = new Int16Array(samples.length);
  heard.set(wide.subarray(0, samples.length));
  return heard;
}
