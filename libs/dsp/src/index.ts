export * from './cepstral-transform.ts';
export * from './mfcc-options.ts';
export * from './pitch-tracker.ts';
export * from './real-fft.ts';
export * from './streaming-mfcc.ts';
export * from './voice-activity-detector.ts';
