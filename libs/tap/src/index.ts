export { Tap, type TapEvents } from './tap.ts';
export type { NewCall, TapCall } from './tap-call.ts';
export { TapError, type TapErrorCode } from './tap-error.ts';
export type { PipeListenInfo, TapOptions } from './tap-options.ts';
export type { NewTapSpeaker, SpeakerChanges, TapSpeaker } from './tap-speaker.ts';
