import { SeededRandom } from '../seeded-random.ts';

const seed = 20_260;
/** With fewer, the speakers say nothing of other speakers, and only their clips are drawn. */
const enoughSpeakers = 3;
export const replicates = 1_000;

/**
 * Draws of the bootstrap in two stages, speakers and then their clips (Davison & Hinkley 1997, §3.8): clips of one
 * speaker are alike, and counting them as independent would make the interval too narrow. Judgements of the same clip
 * under several seeds are drawn together. With one or two speakers only clips are drawn: the interval is then
 * for these voices alone. The same clips give the same draws.
 * @returns `replicates` lists of indices into `clips`
 */
export function* resamples(clips: readonly { speaker: string; file: string }[]): Generator<number[]> {
  const speakers = [...Map.groupBy(clips.keys(), (i) => clips[i].speaker).values()].map((own) => [
    ...Map.groupBy(own, (i) => clips[i].file).values(),
  ]);
  const random = new SeededRandom(seed);
  for (let replicate = 0; replicate < replicates; replicate++) {
    const drawn: number[] = [];
    for (const same of speakers) {
      const own = speakers.length < enoughSpeakers ? same : speakers[random.integer(speakers.length)];
      for (let k = 0; k < own.length; k++) drawn.push(...own[random.integer(own.length)]);
    }
    yield drawn;
  }
}
