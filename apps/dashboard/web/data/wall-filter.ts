import type { SpeakerRole } from '@undertone/wire';
import type { WallCall, WallSpeaker } from './wall-feed.ts';

/** What of the wall is shown, and in which order. Lives as long as the page, so that a look at one call keeps it. */
export interface WallFilter {
  /** Part of a call's identifier or of a speaker's name, whatever its case. */
  text: string;
  voices: SpeakerRole | 'everyone';
  /** Only calls that are worth a listen, or only those with an open alert. */
  show: 'all' | 'urgent' | 'alert';
  order: 'urgent' | 'newest';
}

export const everything = (): WallFilter => ({
  text: '',
  voices: 'everyone',
  show: 'all',
  order: 'urgent',
});

/** Whether calls can be missing from the wall because of it. */
export const hidesCalls = ({ text, voices, show }: WallFilter): boolean =>
  text.trim() !== '' || voices !== 'everyone' || show !== 'all';

/** The voices of a call that are to be shown; none if the call is not. */
export function shownVoices(call: WallCall, { text, voices }: WallFilter): WallSpeaker[] {
  const sought = text.trim().toLocaleLowerCase();
  const found =
    sought === '' ||
    call.id.toLocaleLowerCase().includes(sought) ||
    call.speakers.some(({ speaker }) => speaker.name.toLocaleLowerCase().includes(sought));
  if (!found) return [];
  return voices === 'everyone'
    ? call.speakers
    : call.speakers.filter(({ speaker }) => speaker.role === voices);
}
