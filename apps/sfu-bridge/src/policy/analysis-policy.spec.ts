import { consentStates, speakerRoles } from '@undertone/wire';
import { describe, expect, it } from 'vitest';
import { AnalysisPolicy } from './analysis-policy.ts';

const everyone = speakerRoles.flatMap((role) => consentStates.map((consent) => ({ role, consent })));
const analysed = (policy: AnalysisPolicy) =>
  everyone.filter((each) => policy.decide(each).analysed).map(({ role, consent }) => `${role} ${consent}`);

describe('AnalysisPolicy', () => {
  it('analyses, by default, customers who consented and nobody else', () => {
    expect(analysed(new AnalysisPolicy('customer-only'))).toEqual(['customer granted']);
  });

  it('analyses, in a demonstration, every role, but only with consent', () => {
    expect(analysed(new AnalysisPolicy('demo'))).toEqual(speakerRoles.map((role) => `${role} granted`));
  });

  it('always says why', () => {
    for (const profile of ['customer-only', 'demo'] as const) {
      for (const each of everyone) expect(new AnalysisPolicy(profile).decide(each).reason).not.toBe('');
    }
  });
});
