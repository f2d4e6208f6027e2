export * from './mfcc-options.ts';
export * from './streaming-mfcc.ts';
