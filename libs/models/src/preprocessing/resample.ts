import libsamplerate from '@alexanderolsen/libsamplerate-js';

type Converter = Awaited<ReturnType<typeof libsamplerate.create>>;

/** libsamplerate-js answers more than about 10⁶ samples, on either side, with nonsense. */
const maxPieceSamples = 400_000;
/** Pieces overlap by at least this on either side: more than the converter's filter reaches. */
const overlapMs = 50;

/** One converter for each pair of rates; compiling it takes longer than converting a clip. */
const converters = new Map<string, Promise<Converter>>();

/**
 * Band-limited conversion between sample rates, whole numbers: libsamplerate's medium sinc converter (121 dB SNR, −3 dB at
 * 90 % of the lower Nyquist frequency), with its delay taken out. Returns `samples` itself where the rates are equal.
 */
export async function resample(samples: Float32Array, fromHz: number, toHz: number): Promise<Float32Array> {
  if (fromHz === toHz) return samples;
  const converter = await converterOf(fromHz, toHz);
  const result = new Float32Array(Math.floor((samples.length * toHz) / fromHz));
  // Pieces start where a sample of either rate falls on one of the other.
  const inStep = fromHz / greatestDivisor(fromHz, toHz);
  const outStep = toHz / greatestDivisor(fromHz, toHz);
  const steps = Math.max(1, Math.floor(maxPieceSamples / Math.max(inStep, outStep)));
  const overlapSteps = Math.ceil((overlapMs * fromHz) / 1_000 / inStep);
  for (let at = 0; at * inStep < samples.length; at += steps) {
    const start = Math.max(0, at - overlapSteps);
    const end = (at + steps + overlapSteps) * inStep;
    const piece = converter.simple(samples.subarray(start * inStep, end));
    const own = piece.subarray((at - start) * outStep, (at - start + steps) * outStep);
    result.set(own.subarray(0, result.length - at * outStep), at * outStep);
  }
  return result;
}

function converterOf(fromHz: number, toHz: number): Promise<Converter> {
  const key = `${fromHz} ${toHz}`;
  let converter = converters.get(key);
  if (converter === undefined) {
    const { create, ConverterType } = libsamplerate;
    converter = create(1, fromHz, toHz, { converterType: ConverterType.SRC_SINC_MEDIUM_QUALITY });
    converters.set(key, converter);
  }
  return converter;
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
