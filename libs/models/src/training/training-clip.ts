import type { Clip } from '../corpus/clip.ts';
import type { SpeechFrames } from './speech-frames.ts';

/** A clip with its frames in memory. */
export interface TrainingClip {
  clip: Clip;
  frames: SpeechFrames;
  /** The same recording as it might have been made and sent, see `augmentWaveform`; only training hears them. */
  variants: readonly SpeechFrames[];
  /** [C] what a teacher made of it, after the whole clip; what `distillation` learns from. */
  teacher?: Float32Array | undefined;
}
