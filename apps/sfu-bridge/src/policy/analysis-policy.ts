import type { AnalysisDecision, ConsentState, SpeakerRole } from '@undertone/wire';

export const analysisProfiles = ['customer-only', 'demo'] as const;
export type AnalysisProfile = (typeof analysisProfiles)[number];

const consentReasons: Record<Exclude<ConsentState, 'granted'>, string> = {
  unknown: 'This person has not been asked for consent',
  denied: 'This person did not consent',
  withdrawn: 'This person withdrew consent',
};

const roleReasons: Record<Exclude<SpeakerRole, 'customer'>, string> = {
  agent: 'Agents are not analysed: only customers are',
  participant: 'Participants are not analysed: only customers are',
  unknown: 'The role is unknown: only customers are analysed',
};

/** Decides who is analysed at all. Whoever isn't is never decoded. Anything that isn't a clear yes is a no. */
export class AnalysisPolicy {
  readonly profile: AnalysisProfile;

  constructor(profile: AnalysisProfile) {
    this.profile = profile;
  }

  /** `reason` is in words a supervisor understands. */
  decide({ role, consent }: { role: SpeakerRole; consent: ConsentState }): AnalysisDecision {
    if (this.profile === 'customer-only' && role !== 'customer')
      return { analysed: false, reason: roleReasons[role] };
    if (consent !== 'granted') return { analysed: false, reason: consentReasons[consent] };
    return {
      analysed: true,
      reason: this.profile === 'demo' ? 'Demonstration, with consent' : 'Customer, with consent',
    };
  }
}
