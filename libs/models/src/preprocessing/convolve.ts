import { RealFft } from '@undertone/dsp';

const transforms = new Map<number, RealFft>();

/**
 * The first `samples.length` samples of the convolution of `samples` with `response`, by overlap-add: blocks of the signal
 * are multiplied with the response in the frequency domain and their results added up (Oppenheim & Schafer §8.7).
 */
export function convolve(samples: Float32Array, response: Float32Array): Float32Array {
  const size = 2 ** Math.ceil(Math.log2(Math.max(512, 2 * response.length)));
  let fft = transforms.get(size);
  if (fft === undefined) {
    fft = new RealFft(size);
    transforms.set(size, fft);
  }
  const blockSamples = size - response.length + 1;
  const filter = new Float64Array(2 * fft.binCount);
  const spectrum = new Float64Array(2 * fft.binCount);
  const block = new Float64Array(size);
  fft.input.fill(0);
  fft.input.set(response);
  fft.spectrum(filter);
  const result = new Float32Array(samples.length);
  for (let at = 0; at < samples.length; at += blockSamples) {
    fft.input.fill(0);
    fft.input.set(samples.subarray(at, at + blockSamples));
    fft.spectrum(spectrum);
    for (let i = 0; i < spectrum.length; i += 2) {
      const [re, im] = [spectrum[i], spectrum[i + 1]];
      spectrum[i] = re * filter[i] - im * filter[i + 1];
      spectrum[i + 1] = re * filter[i + 1] + im * filter[i];
    }
    fft.inverse(spectrum, block);
    const end = Math.min(samples.length, at + size);
    for (let i = at; i < end; i++) result[i] += block[i - at];
  }
  return result;
}
