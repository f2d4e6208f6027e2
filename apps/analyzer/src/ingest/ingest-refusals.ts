import type { ConnectionRefusal } from '@undertone/http';
import type { WireErrorCode } from '@undertone/wire';

/** Why something from a bridge was refused; the label of the metric. */
export type IngestRefusal =
  | ConnectionRefusal
  | WireErrorCode
  | 'message-before-hello'
  | 'stream-unknown'
  | 'stream-not-analysed'
  | 'capture-in-the-future'
  | 'credit-exceeded'
  | 'too-many-speakers'
  | 'too-much-garbage';

/** Counts refusals by their code, from 0, so that a metric exists before its first case. */
export class IngestRefusals {
  readonly counts: Record<IngestRefusal, number> = {
    'frame-truncated': 0,
    'frame-oversized': 0,
    'frame-malformed': 0,
    'frame-version': 0,
    'message-malformed': 0,
    'message-oversized': 0,
    'message-before-hello': 0,
    'stream-unknown': 0,
    'stream-not-analysed': 0,
    'capture-in-the-future': 0,
    'credit-exceeded': 0,
    'too-many-speakers': 0,
    'too-many-connections': 0,
    'too-much-garbage': 0,
    'from-a-browser': 0,
    'no-hello': 0,
    unresponsive: 0,
  };
}
