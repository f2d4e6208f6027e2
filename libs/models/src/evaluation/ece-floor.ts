import { SeededRandom } from '../seeded-random.ts';
import { decision, type JudgedClip } from './judged-clip.ts';
import { calibrationError, reliabilityBins } from './reliability.ts';

const draws = 200;
const seed = 7;

/**
 * The ECE that a perfectly calibrated model of the same confidences would be measured with: the fewer clips, the more
 * a bin's share of right answers strays from its confidence by chance. No ECE below it says anything (Kumar et al. 2019,
 * "Verified uncertainty calibration", §5). Judgements of a clip under several seeds are right together.
 * @returns the mean over 200 draws of which answers are right
 */
export function eceFloor(clips: readonly JudgedClip[]): number {
  const random = new SeededRandom(seed);
  const answered = clips.filter(({ probabilities }) => probabilities !== null);
  const files = [...new Set(answered.map(({ file }) => file))];
  let sum = 0;
  for (let draw = 0; draw < draws; draw++) {
    const luck = new Map(files.map((file) => [file, random.next()]));
    const drawn = answered.map((clip) => {
      const decided = decision(clip);
      const right = luck.get(clip.file)! < clip.probabilities![decided];
      return { ...clip, label: right ? decided : decided + 1 };
    });
    sum += calibrationError(reliabilityBins(drawn));
  }
  return sum / draws;
}
