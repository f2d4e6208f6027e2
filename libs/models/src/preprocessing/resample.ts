import libsamplerate from '@alexanderolsen/libsamplerate-js';

/**
 * Band-limited conversion between sample rates: libsamplerate's medium sinc converter (121 dB SNR, −3 dB at 90 % of the
 * lower Nyquist frequency), with its delay taken out. Returns `samples` itself where the rates are equal.
 */
export async function resample(samples: Float32Array, fromHz: number, toHz: number): Promise<Float32Array> {
  if (fromHz === toHz) return samples;
  const { create, ConverterType } = libsamplerate;
  const converter = await create(1, fromHz, toHz, { converterType: ConverterType.SRC_SINC_MEDIUM_QUALITY });
  try {
    return converter.simple(samples);
  } finally {
    converter.destroy();
  }
}
