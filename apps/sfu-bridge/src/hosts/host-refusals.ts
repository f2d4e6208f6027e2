import type { ConnectionRefusal } from '@undertone/http';

/** Why something from a host was refused; the label of the metric. */
export type HostRefusal =
  | ConnectionRefusal
  | 'tap-disabled'
  | 'token-wrong'
  | 'protocol-unsupported'
  | 'message-before-hello'
  | 'message-malformed'
  | 'message-binary'
  | 'too-many-requests'
  | 'too-much-garbage';

/** Counts refusals by their code, from 0, so that a metric exists before its first case. */
export class HostRefusals {
  readonly counts: Record<HostRefusal, number> = {
    'tap-disabled': 0,
    'token-wrong': 0,
    'protocol-unsupported': 0,
    'from-a-browser': 0,
    'too-many-connections': 0,
    'no-hello': 0,
    unresponsive: 0,
    'message-before-hello': 0,
    'message-malformed': 0,
    'message-binary': 0,
    'message-oversized': 0,
    'too-many-requests': 0,
    'too-much-garbage': 0,
  };
}
