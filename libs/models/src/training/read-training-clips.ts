import type { Corpus, SkippedClip } from '../corpus/clip.ts';
import type { FeatureReader } from './feature-reader.ts';
import { plainSource, variantSource } from './feature-source.ts';
import type { TrainingClip } from './training-clip.ts';

/** Called after each of `total`. */
type Progress = (done: number, total: number) => void;

/** The clips in which there is speech, without variants; the others are added to `skipped`. */
export async function readTrainingClips(
  corpora: readonly Corpus[],
  reader: FeatureReader,
  skipped: SkippedClip[],
  progress: Progress,
): Promise<TrainingClip[]> {
  const all = corpora.flatMap(({ clips }) => clips);
  const answers = await reader.read(
    all.map(({ file }) => plainSource(file)),
    progress,
  );
  const clips: TrainingClip[] = [];
  for (const [i, clip] of all.entries()) {
    const frames = answers[i];
    if (typeof frames === 'string') skipped.push({ file: clip.file, reason: frames });
    else if (frames.speech.includes(1)) clips.push({ clip, frames, variants: [] });
    else skipped.push({ file: clip.file, reason: 'no speech found in it' });
  }
  return clips;
}

/**
 * `clips` with `count` variants each, less those in which no speech is found any more. Clips of one speaker come whole:
 * babble is made of them.
 * @throws Error when a recording can't be read any more
 */
export async function withVariants(
  clips: readonly TrainingClip[],
  count: number,
  reader: FeatureReader,
  progress: Progress,
): Promise<TrainingClip[]> {
  if (count === 0) return [...clips];
  const recordings = Map.groupBy(clips, ({ clip }) => clip.speaker);
  const sources = clips.flatMap(({ clip: { file, speaker } }) => {
    const own = recordings.get(speaker)!.map(({ clip }) => clip.file);
    return Array.from({ length: count }, (_, i) => variantSource(file, i + 1, own));
  });
  const answers = await reader.read(sources, progress);
  return clips.map((clip, i) => ({
    ...clip,
    variants: answers.slice(i * count, (i + 1) * count).flatMap((frames) => {
      if (typeof frames === 'string') throw new Error(`${clip.clip.file}: ${frames}`);
      return frames.speech.includes(1) ? [frames] : [];
    }),
  }));
}
