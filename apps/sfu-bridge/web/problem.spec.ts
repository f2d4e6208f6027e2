import { describe, expect, it } from 'vitest';
import { microphoneProblem, problems } from './problem.ts';

describe('microphoneProblem', () => {
  it.each([
    ['NotAllowedError', problems.microphoneRefused],
    ['NotFoundError', problems.microphoneMissing],
    ['OverconstrainedError', problems.microphoneMissing],
    ['NotReadableError', problems.microphoneBusy],
    ['AbortError', problems.microphoneBusy],
  ])('explains %s', (name, problem) => {
    expect(microphoneProblem(new DOMException('', name))).toBe(problem);
  });
});
