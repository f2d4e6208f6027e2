import type { EmotionPoint, Speaker, SpeakerSummary } from '@undertone/wire';
import { PointHistory } from '@undertone/wire';
import { SpeakerRibbon } from './speaker-ribbon.ts';

/** What the dashboard knows of one speaker of one call. */
export class LiveSpeaker {
  speaker: Speaker;
  /** null while present. */
  leftAtMs: number | null = null;
  /** The analyzer connection that announced the speaker; null once that connection is gone. */
  linkId: number | null;
  /** When the analyzer's connection was lost; null while it stands. */
  orphanedAtMs: number | null = null;
  readonly history: PointHistory;
  readonly ribbon = new SpeakerRibbon();

  /** What the deltas sent so far have told the viewers of the call. */
  told = { speaker: false, left: false, untilMs: Number.NEGATIVE_INFINITY };

  constructor(speaker: Speaker, linkId: number | null, limits: { maxPoints: number; historyMs: number }) {
    this.speaker = speaker;
    this.linkId = linkId;
    this.history = new PointHistory(limits);
  }

  get latest(): EmotionPoint | null {
    return this.history.length === 0 ? null : this.history.point(this.history.end - 1);
  }

  summary(sinceVersion: number): SpeakerSummary {
    return { speaker: this.speaker, latest: this.latest, ribbon: this.ribbon.since(sinceVersion) };
  }
}
