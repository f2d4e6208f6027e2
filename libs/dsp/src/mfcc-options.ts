import type { WindowShape } from './analysis-window.ts';

/** Everything that defines an MFCC; two extractors with equal options give equal features. */
export interface MfccOptions {
  sampleRateHz: number;
  /** Length of the analysis window. */
  windowSamples: number;
  /** Distance between the starts of successive windows. */
  hopSamples: number;
  /** FFT length, a power of two not below `windowSamples`; the window is zero-padded to it. */
  fftSize: number;
  melBands: number;
  /** Cepstral coefficients kept, c0 included. */
  coefficients: number;
  lowHz: number;
  highHz: number;
  /** y[i] = x[i] − preEmphasis·x[i−1] inside each window, and y[0] = (1 − preEmphasis)·x[0]. */
  preEmphasis: number;
  window: WindowShape;
  /** L of the cepstral lifter 1 + L/2·sin(πk/L); 0 for none. */
  lifter: number;
  /** Mel energies below this are raised to it before the logarithm. */
  energyFloor: number;
}

/** 25 ms windows every 10 ms at 16 kHz, 40 mel bands; c0 … c19 unliftered. */
export const defaultMfccOptions: MfccOptions = {
  sampleRateHz: 16_000,
  windowSamples: 400,
  hopSamples: 160,
  fftSize: 512,
  melBands: 40,
  coefficients: 20,
  lowHz: 20,
  highHz: 7_600,
  preEmphasis: 0.97,
  window: 'povey',
  lifter: 0,
  // A hundredth of the energy that rounding to 16 bits leaves in the narrowest band.
  energyFloor: 1e-10,
};
