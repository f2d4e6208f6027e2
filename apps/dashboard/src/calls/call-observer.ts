import type { EmotionPoint } from '@undertone/wire';
import type { LiveCall } from './live-call.ts';
import type { LiveSpeaker } from './live-speaker.ts';

/** Is told of every change of the live calls, once it has happened, before anything else does. Must not throw or wait. */
export interface CallObserver {
  /** The call began, ended, goes on after all, or began earlier than was known. */
  callChanged(call: LiveCall): void;
  /** The speaker joined, changed, left or is back. */
  speakerChanged(call: LiveCall, speaker: LiveSpeaker): void;
  pointAdded(call: LiveCall, speaker: LiveSpeaker, point: EmotionPoint): void;
  /** Consent was withdrawn: what was judged of the speaker's voice must go. */
  speakerForgotten(call: LiveCall, speaker: LiveSpeaker): void;
}
