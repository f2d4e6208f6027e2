import { type CorpusLabel, corpusLabels } from '../corpus/corpus-label.ts';

/**
 * Targets of valence and arousal. None of the corpora has them rated, so they are derived from the class: its place on
 * the circle of Russell (1980), "A circumplex model of affect", J. Pers. Soc. Psychol. 39(6), whose octants are pleasure
 * 0°, excitement 45°, arousal 90°, distress 135°, displeasure 180°, depression 225°, sleepiness 270°, relaxation 315°.
 * Which octant a class belongs to, and the radius, are our reading; neutral is the centre. Boredom lies halfway between
 * depression and sleepiness: low in arousal, mildly unpleasant.
 */
export const circumplexSource =
  'derived from the class, not rated: placed on the circle of Russell (1980), J. Pers. Soc. Psychol. 39(6)';

const radius = 0.8;
const angleDegrees: Record<CorpusLabel, number | null> = {
  neutral: null,
  calm: 315,
  happy: 22.5,
  sad: 202.5,
  angry: 135,
  fearful: 112.5,
  disgust: 157.5,
  surprised: 67.5,
  boredom: 247.5,
};

/** [valence, arousal] of each label, −1…1. */
export const circumplexTargets = Object.fromEntries(
  corpusLabels.map((label): [CorpusLabel, readonly [number, number]] => {
    const degrees = angleDegrees[label];
    if (degrees === null) return [label, [0, 0]];
    const angle = (degrees * Math.PI) / 180;
    return [label, [radius * Math.cos(angle), radius * Math.sin(angle)]];
  }),
) as Record<CorpusLabel, readonly [number, number]>;
