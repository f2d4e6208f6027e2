import type { SpeakerRole } from '@undertone/wire';
import { type ConsentState, consentStateSchema, identifierSchema, speakerRoleSchema } from '@undertone/wire';
import type { types } from 'mediasoup';
import { prettifyError, z } from 'zod';
import { TapError } from './tap-error.ts';

/** What the host says of a speaker. */
export interface SpeakerDetails {
  /** For display only; 1 to 80 characters. */
  name: string;
  role: SpeakerRole;
  consent: ConsentState;
  /** Muted by the host. A producer that is paused mutes the speaker, too. */
  muted: boolean;
}

const detailsSchema = z.object({
  name: z.string().trim().min(1).max(80),
  role: speakerRoleSchema,
  consent: consentStateSchema,
  muted: z.boolean(),
});

/** @throws TapError `speaker-malformed` */
export function checkDetails(details: SpeakerDetails): SpeakerDetails {
  const parsed = detailsSchema.safeParse(details);
  if (!parsed.success) throw new TapError('speaker-malformed', prettifyError(parsed.error));
  return parsed.data;
}

/** @throws TapError `speaker-malformed` */
export function checkId(id: string): string {
  const parsed = identifierSchema.safeParse(id);
  if (!parsed.success)
    throw new TapError('speaker-malformed', `the id "${id}" ${prettifyError(parsed.error)}`);
  return parsed.data;
}

/** @throws TapError `producer-unsupported` */
export function checkProducer(producer: types.Producer): void {
  const [codec] = producer.rtpParameters.codecs;
  if (producer.kind !== 'audio' || codec?.mimeType.toLowerCase() !== 'audio/opus')
    throw new TapError(
      'producer-unsupported',
      `give the speaker's Opus producer, not ${producer.kind} of ${codec?.mimeType}`,
    );
}

export const sameDetails = (a: SpeakerDetails, b: SpeakerDetails | null): boolean =>
  a.name === b?.name && a.role === b.role && a.consent === b.consent && a.muted === b.muted;
