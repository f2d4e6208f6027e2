import type { AlertRule, AlertTrialResult, CallRecord, EmotionPoint, PointPage } from '@undertone/wire';
import type { HistoryStore } from '../history/history-store.ts';
import { CallWatch } from './call-watch.ts';

/** Points in memory at once for each voice. */
const pageSize = 1_000;
const maxFirings = 1_000;

type NextPage = (afterMs: number | undefined) => Promise<PointPage>;

/** The points of one voice that are still to come. */
class StoredVoice {
  readonly #next: NextPage;
  #points: EmotionPoint[] = [];
  #at = 0;
  #afterMs: number | null | undefined;

  constructor(next: NextPage) {
    this.#next = next;
  }

  /** The next point; undefined after the last. */
  async head(): Promise<EmotionPoint | undefined> {
    while (this.#at === this.#points.length && this.#afterMs !== null) {
      const page = await this.#next(this.#afterMs);
      this.#points = page.points;
      this.#at = 0;
      this.#afterMs = page.next;
    }
    return this.#points[this.#at];
  }

  skip(): void {
    this.#at++;
  }
}

/** Tells a rule the points of a kept call in the order of their time, and says when it would have fired. */
export async function tryRule(
  store: HistoryStore,
  record: CallRecord,
  rule: AlertRule,
): Promise<AlertTrialResult> {
  const firings: AlertTrialResult['firings'] = [];
  const watch = new CallWatch([{ ...rule, enabled: true }], (_, speakerId, finding) => {
    if (finding.what === 'ended') {
      const lasting = firings.find((each) => each.speakerId === speakerId && each.untilMs === null);
      if (lasting) lasting.untilMs = finding.untilMs;
    } else if (firings.length < maxFirings) {
      firings.push({ speakerId, firedAtMs: finding.atMs, fromMs: finding.fromMs, untilMs: null });
    }
  });
  const { recordId } = record;
  const voices = record.speakers.map(({ speaker, leftAtMs }) => ({
    speaker,
    leftAtMs,
    here: false,
    stored: new StoredVoice((afterMs) =>
      store.points({ recordId, speakerId: speaker.id, afterMs, limit: pageSize }),
    ),
  }));
  for (;;) {
    let first: { speakerId: string; point: EmotionPoint; stored: StoredVoice } | null = null;
    for (const { speaker, stored } of voices) {
      const point = await stored.head();
      if (point && (first === null || point.atMs < first.point.atMs))
        first = { speakerId: speaker.id, point, stored };
    }
    if (first === null) break;
    const { atMs } = first.point;
    for (const voice of voices) {
      const { speaker, leftAtMs } = voice;
      const here = speaker.joinedAtMs <= atMs && (leftAtMs === null || atMs <= leftAtMs);
      if (here && !voice.here) watch.put(speaker);
      else if (!here && voice.here) watch.remove(speaker.id);
      voice.here = here;
    }
    watch.take(first.speakerId, first.point);
    first.stored.skip();
  }
  watch.end();
  return { firings };
}
