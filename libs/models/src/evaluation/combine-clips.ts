import type { Combination } from './combination.ts';
import type { JudgedClip } from './judged-clip.ts';

/**
 * @param answers [M] each member's to the same clips
 * @throws Error when a member has not judged a clip that another has, or knows another class for it
 */
export function combineClips(
  answers: readonly (readonly JudgedClip[])[],
  combination: Combination,
): JudgedClip[] {
  const files = [...new Set(answers.flatMap((own) => own.map(({ file }) => file)))];
  for (const own of answers) {
    const judged = new Set(own.map(({ file }) => file));
    const missing = files.find((file) => !judged.has(file));
    if (missing !== undefined)
      throw new Error(`not every member has judged ${missing}: judge the same clips with all of them`);
  }
  return combineAnswered(answers, combination);
}

/** The same where members have judged different clips: who has not judged a clip does not count for it. */
export function combineAnswered(
  answers: readonly (readonly JudgedClip[])[],
  combination: Combination,
): JudgedClip[] {
  const byFile = answers.map((own) => new Map(own.map((clip) => [clip.file, clip])));
  return [...new Set(answers.flatMap((own) => own.map(({ file }) => file)))].map((file) => {
    const own = byFile.map((clips) => clips.get(file));
    const first = own.find((clip) => clip !== undefined)!;
    if (own.some((clip) => clip !== undefined && clip.label !== first.label))
      throw new Error(`members disagree on the class of ${file}`);
    const { moments } = first;
    return {
      ...first,
      probabilities: combination.of(own.map((clip) => clip?.probabilities ?? null)),
      ...(moments && {
        moments: moments.map((_, m) => combination.of(own.map((clip) => clip?.moments?.[m] ?? null))),
      }),
    };
  });
}
