/** Something that keeps a person out of the call: what happened, and what to do about it. */
export interface Problem {
  code: string;
  sentence: string;
  advice: string;
}

const problem = (code: string, sentence: string, advice: string): Problem => ({ code, sentence, advice });

export const problems = {
  insecure: problem(
    'insecure',
    'This page may not use a microphone here.',
    'Open it over https, or as localhost on the machine that runs the call server.',
  ),
  unsupported: problem(
    'unsupported',
    'This browser can’t take part in calls.',
    'Open the page in a current Chrome, Edge, Firefox or Safari.',
  ),
  microphoneRefused: problem(
    'microphone-refused',
    'The browser does not let this page use the microphone.',
    'Allow the microphone for this site (the icon beside the address), then try again.',
  ),
  microphoneMissing: problem(
    'microphone-missing',
    'No microphone was found.',
    'Connect one, then try again.',
  ),
  microphoneBusy: problem(
    'microphone-busy',
    'The microphone can’t be opened.',
    'Close other programs that use it, or choose another microphone, then try again.',
  ),
  microphoneLost: problem(
    'microphone-lost',
    'The microphone was disconnected: nobody hears you.',
    'Connect it again or choose another microphone.',
  ),
  serverSilent: problem(
    'server-silent',
    'The call server does not answer.',
    'Check that you are online. If others can’t join either, tell whoever runs the server.',
  ),
  callLost: problem('call-lost', 'The call server lost this call.', 'You are joining again.'),
  mediaUnreachable: problem(
    'media-unreachable',
    'Sound can’t reach the call server from this network.',
    'Another network may work: try without a VPN, or from a different connection.',
  ),
} as const;

/** What a failed `getUserMedia` means to a person. */
export function microphoneProblem(error: unknown): Problem {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return problems.microphoneRefused;
    case 'NotFoundError':
    case 'OverconstrainedError':
      return problems.microphoneMissing;
    default:
      return problems.microphoneBusy;
  }
}
