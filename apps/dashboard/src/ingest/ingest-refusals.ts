import type { ConnectionRefusal } from '@undertone/http';

/** Why something from an analyzer was refused; the label of the metric. */
export type IngestRefusal =
  | ConnectionRefusal
  | 'message-malformed'
  | 'message-binary'
  | 'message-before-hello'
  | 'rate-exceeded';

/** Counts refusals by their code, from 0, so that a metric exists before its first case. */
export class IngestRefusals {
  readonly counts: Record<IngestRefusal, number> = {
    'message-malformed': 0,
    'message-binary': 0,
    'message-oversized': 0,
    'message-before-hello': 0,
    'rate-exceeded': 0,
    'too-many-connections': 0,
    'from-a-browser': 0,
    'no-hello': 0,
    unresponsive: 0,
  };
}
