import type { Speaker } from '@undertone/wire';
import type { FrameRing } from '../tap/frame-ring.ts';

/** What the analyzer is told of one speaker: who it is and, if analysed, the frames. Owned by the link. */
export interface SpeakerStream {
  /** Unique for the life of this process, never reused. */
  readonly streamId: number;
  /** As last announced. */
  speaker: Speaker;
  /** null until the speaker is analysed for the first time. */
  ring: FrameRing | null;
  /** Which of the analyzer's workers the speaker is sent to. */
  worker: number;
  /** Whether the stream is in the link's queue of streams with frames to send. */
  queued: boolean;
  /** Lets go of a speaker whose media was lost; null while there is no need. */
  farewell: NodeJS.Timeout | null;
}
