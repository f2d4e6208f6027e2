import type { CallFeed, SpeakerTrack } from '@undertone/overlay';
import type { PointPage } from '@undertone/wire';

/** How much is asked for at once: five points a second make 3000 of it. */
const chunkMs = 600_000;
/** How much more than what is shown is kept ready. */
const aheadMs = 30_000;
const retryMs = 5_000;
const pageSize = 5_000;

export interface PointRequest {
  recordId: string;
  speakerId: string;
  /** Points after this moment. */
  afterMs: number;
  /** Points up to this moment. */
  untilMs: number;
  limit: number;
}

/** Asks the dashboard's history. @throws Error if it does not answer with points */
export async function fetchPoints(request: PointRequest, signal: AbortSignal): Promise<PointPage> {
  const { recordId, speakerId, afterMs, untilMs, limit } = request;
  const query = new URLSearchParams({
    afterMs: String(afterMs),
    untilMs: String(untilMs),
    limit: String(limit),
  });
  const response = await fetch(`/api/history/${recordId}/speakers/${speakerId}/points?${query}`, { signal });
  if (!response.ok) throw new Error(`the history answered ${response.status}`);
  return (await response.json()) as PointPage;
}

/** Loads what was before the points that the socket brought, as one looks back: a chunk of one speaker at a time. */
export class OlderPoints {
  state: 'idle' | 'loading' | 'failed' = 'idle';
  readonly #feed: CallFeed;
  readonly #fetch: typeof fetchPoints;
  readonly #onChange: () => void;
  readonly #abort = new AbortController();
  #failedAtMs = Number.NEGATIVE_INFINITY;
  readonly #now: () => number;

  constructor(options: {
    feed: CallFeed;
    fetch: typeof fetchPoints;
    onChange: () => void;
    now?: () => number;
  }) {
    this.#feed = options.feed;
    this.#fetch = options.fetch;
    this.#onChange = options.onChange;
    this.#now = options.now ?? Date.now;
  }

  /** Sees to it that what was since `startMs` will be there. Costs nothing when it is. */
  want(startMs: number): void {
    const { startedAtMs, recordId } = this.#feed;
    if (startedAtMs === null || recordId === null) return;
    if (this.state === 'loading' || this.#abort.signal.aborted) return;
    if (this.#now() - this.#failedAtMs < retryMs) return;
    const sinceMs = Math.max(startedAtMs, startMs - aheadMs);
    for (const track of this.#feed.speakers.values()) {
      if (!track.speaker.decision.analysed || track.completeSinceMs <= sinceMs) continue;
      void this.#load(track, recordId, startedAtMs);
      return;
    }
    this.state = 'idle';
  }

  /** Idempotent. */
  close(): void {
    this.#abort.abort();
  }

  async #load(
    { speaker, completeSinceMs }: SpeakerTrack,
    recordId: string,
    startedAtMs: number,
  ): Promise<void> {
    this.state = 'loading';
    const fromMs = Math.max(startedAtMs, completeSinceMs - chunkMs);
    try {
      const points: PointPage['points'] = [];
      let afterMs: number | null = fromMs - 1;
      while (afterMs !== null) {
        const request = {
          recordId,
          speakerId: speaker.id,
          afterMs,
          untilMs: completeSinceMs,
          limit: pageSize,
        };
        const page: PointPage = await this.#fetch(request, this.#abort.signal);
        points.push(...page.points);
        afterMs = page.next;
      }
      if (this.#abort.signal.aborted) return;
      this.#feed.prepend(recordId, speaker.id, points, fromMs);
      this.state = 'idle';
    } catch {
      if (this.#abort.signal.aborted) return;
      this.state = 'failed';
      this.#failedAtMs = this.#now();
    }
    this.#onChange();
  }
}
