import { type Expression, expressions } from '@undertone/wire';
import type { SpeakerTrack } from './call-feed.ts';

/** A newest point older than this says nothing about now. */
const freshMs = 4_000;
/** Below this confidence no expression is claimed, only a guess is shown as such. */
const tentativeBelow = 0.3;

/**
 * - `not-analysed`: the policy says no, see `speaker.decision.reason`;
 * - `left`: not in the call any more;
 * - `muted`: the speaker's microphone is off;
 * - `no-data`: nothing has come for some seconds;
 * - `listening`: too little was heard so far;
 * - `silence`, `concealed`: as in `PointState`;
 * - `speech`: there is a judgement.
 */
export type VoiceState =
  | 'not-analysed'
  | 'left'
  | 'muted'
  | 'no-data'
  | 'listening'
  | 'silence'
  | 'concealed'
  | 'speech';

/** What can be said of a voice now: how it is perceived, never what anyone feels. */
export interface VoiceReading {
  state: VoiceState;
  /** The likeliest perceived expression; null in every state but `speech`. */
  expression: Expression | null;
  /** 0…1; null in every state but `speech`. */
  confidence: number | null;
  /** Whether the confidence is too low to claim the expression. */
  tentative: boolean;
}

/** @param nowMs capture time of now, as `LiveClock` tells it */
export function readVoice({ speaker, leftAtMs, history }: SpeakerTrack, nowMs: number): VoiceReading {
  const nothing = (state: VoiceState): VoiceReading => ({
    state,
    expression: null,
    confidence: null,
    tentative: true,
  });
  if (leftAtMs !== null) return nothing('left');
  if (!speaker.decision.analysed) return nothing('not-analysed');
  if (history.length === 0) return nothing(speaker.muted ? 'muted' : 'listening');
  const point = history.point(history.end - 1);
  if (nowMs - point.atMs > freshMs) return nothing(speaker.muted ? 'muted' : 'no-data');
  if (point.state === 'silence') return nothing(speaker.muted ? 'muted' : 'silence');
  if (point.state === 'concealed') return nothing('concealed');
  const likeliest = history.likeliest(history.end - 1);
  if (point.state === 'warming-up' || likeliest < 0) return nothing('listening');
  return {
    state: 'speech',
    expression: expressions[likeliest],
    confidence: point.confidence,
    tentative: point.confidence < tentativeBelow,
  };
}
