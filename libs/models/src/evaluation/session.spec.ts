import { describe, expect, it } from 'vitest';
import { turns } from './session.ts';

const clips = ['a', 'b'].flatMap((speaker) =>
  Array.from({ length: 12 }, (_, i) => ({ speaker, file: `/data/${speaker}-${i}.wav` })),
);
const names = (groups: Iterable<{ file: string }[]>) =>
  [...groups].map((group) => group.map(({ file }) => file));

describe('sessions', () => {
  it('hear clips by themselves in the order that they come in', () => {
    const groups = names(turns(clips, 'clip', 5));
    expect(groups.map((group) => group.length)).toEqual([5, 5, 5, 5, 4]);
    expect(groups.flat()).toEqual(clips.map(({ file }) => file));
  });

  it('hear all clips of a call once, never two of a speaker side by side', () => {
    const groups = [...turns(clips, 'call', 5)];
    expect(
      groups
        .flat()
        .map(({ file }) => file)
        .sort(),
    ).toEqual(clips.map(({ file }) => file).sort());
    for (const group of groups) {
      const speakers = group.map(({ speaker }) => speaker);
      expect(new Set(speakers).size).toBe(speakers.length);
    }
  });

  it('draw the order in a call by the files’ names, wherever they lie and however they are listed', () => {
    const listed = names(turns(clips, 'call', 64)).flat();
    const elsewhere = [...clips].reverse().map((clip) => ({ ...clip, file: `/mnt${clip.file}` }));
    const own = (files: string[], speaker: string) => files.filter((file) => file.includes(`/${speaker}-`));
    for (const speaker of ['a', 'b'])
      expect(own(names(turns(elsewhere, 'call', 64)).flat(), speaker)).toEqual(
        own(listed, speaker).map((file) => `/mnt${file}`),
      );
    expect(own(listed, 'a')).not.toEqual(clips.slice(0, 12).map(({ file }) => file));
  });
});
