import type { ConsentState, SpeakerRole } from '@undertone/wire';

/** The roles that a person may say of themselves, with their names on the page. */
export const roleNames = {
  participant: 'Participant',
  customer: 'Customer',
  agent: 'Agent',
} as const satisfies Partial<Record<SpeakerRole, string>>;
export type OwnRole = keyof typeof roleNames;
export type OwnConsent = Extract<ConsentState, 'granted' | 'denied'>;

/** What the page's address says: `/join/?call=…&name=…&role=…&consent=granted|denied&autojoin&raw=1`. */
export interface JoinAddress {
  callId: string;
  name: string;
  role: OwnRole;
  /** Null unless the address makes the choice explicitly: the form never makes it. */
  consent: OwnConsent | null;
  /** Join at once; only ever true with an explicit consent choice, a call and a name. */
  autojoin: boolean;
  /** Microphone without echo cancellation, noise suppression and gain control: for measurements. */
  raw: boolean;
}

/** Reads the query string of the page's address. */
export function readJoinAddress(search: string): JoinAddress {
  const query = new URLSearchParams(search);
  const role = query.get('role') ?? '';
  const consent = query.get('consent');
  const address: Omit<JoinAddress, 'autojoin'> = {
    callId: query.get('call')?.trim() ?? '',
    name: query.get('name')?.trim() ?? '',
    role: Object.hasOwn(roleNames, role) ? (role as OwnRole) : 'participant',
    consent: consent === 'granted' || consent === 'denied' ? consent : null,
    raw: query.get('raw') === '1',
  };
  const complete = address.callId !== '' && address.name !== '' && address.consent !== null;
  return { ...address, autojoin: query.has('autojoin') && complete };
}
