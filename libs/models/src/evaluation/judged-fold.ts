import type { SkippedClip } from '../corpus/clip.ts';
import type { ChannelName } from '../preprocessing/channel.ts';
import type { JudgedClip } from './judged-clip.ts';

/** What a model, trained under one seed without the speakers of one fold, said of clips. */
export interface JudgedFold {
  fold: number;
  seed: number;
  /** Speakers it learned from, those that it chose by among them. */
  training: string[];
  test: string[];
  /** What was chosen on the training speakers. */
  chosen: Record<string, unknown>;
  /** The logits of `heard` were divided by it; 1 where nothing was fitted. */
  temperature: number;
  /** The test speakers' clips through each channel; scores are those of the first. */
  heard: { channel: ChannelName; judged: JudgedClip[] }[];
  /**
   * Clips of training speakers, judged by models that did not learn from these: whatever is fitted to answers is
   * fitted to these. Empty where nobody asked for them.
   */
  validation: JudgedClip[];
  skipped: SkippedClip[];
}
