import type { Clip } from './clip.ts';
import { type CorpusLabel, labelOf } from './corpus-label.ts';

/** What a file's name says of it, or why the file can't be used. */
type NamedClip = Omit<Clip<CorpusLabel>, 'file'> | { reason: string };

/** How a corpus names its files. */
interface FileNameConvention {
  /** Matched against the path with `/`, without the extension; its groups go to `read`. */
  pattern: RegExp;
  read(groups: Record<string, string>): NamedClip;
}

const emodbMen = new Set(['03', '10', '11', '12', '15']);
/** CREMA-D, VideoDemographics.csv: the actresses. */
const cremadWomen = new Set(
  (
    '1002 1003 1004 1006 1007 1008 1009 1010 1012 1013 1018 1020 1021 1024 1025 1028 1029 1030 1037 1043 1046 1047 ' +
    '1049 1052 1053 1054 1055 1056 1058 1060 1061 1063 1072 1073 1074 1075 1076 1078 1079 1082 1084 1089 1091'
  ).split(' '),
);

const conventions: readonly FileNameConvention[] = [
  {
    // Livingstone & Russo 2018: modality-channel-emotion-intensity-statement-repetition-actor.
    pattern: /(?:^|\/)(?<modality>\d\d)-(?<channel>\d\d)-(?<code>\d\d)-\d\d-\d\d-\d\d-(?<actor>\d\d)$/,
    read: ({ modality, channel, code, actor }) => {
      if (modality === '02') return { reason: 'RAVDESS video without sound' };
      if (channel !== '01') return { reason: 'RAVDESS song, not speech' };
      const gender = Number(actor) % 2 === 1 ? 'male' : 'female';
      return named('ravdess', actor, gender, 'en', code);
    },
  },
  {
    // Burkhardt et al. 2005: speaker, sentence, emotion, version.
    pattern: /(?:^|\/)(?<speaker>\d\d)[ab]\d\d(?<code>[A-Z])[a-z]$/,
    read: ({ speaker, code }) =>
      named('emodb', speaker, emodbMen.has(speaker) ? 'male' : 'female', 'de', code),
  },
  {
    // Cao et al. 2014: actor_sentence_emotion_level.
    pattern: /(?:^|\/)(?<actor>1\d{3})_[A-Z]{3}_(?<code>[A-Z]{3})_[A-Z]{2}$/,
    read: ({ actor, code }) => named('cremad', actor, cremadWomen.has(actor) ? 'female' : 'male', 'en', code),
  },
  {
    // Pichora-Fuller & Dupuis 2020: talker_word_emotion; one file says OA for OAF.
    pattern: /(?:^|\/)(?<talker>OAF?|YAF)_[A-Za-z]+_(?<code>[a-z]+)$/,
    read: ({ talker, code }) => named('tess', talker === 'OA' ? 'OAF' : talker, 'female', 'en', code),
  },
  {
    // Haq & Jackson 2009: a folder for each talker, or his initials before the name; emotion and sentence.
    pattern: /(?:^|\/)(?<talker>DC|JE|JK|KL)[/_](?<code>[a-z]{1,2})\d\d$/,
    read: ({ talker, code }) => named('savee', talker, 'male', 'en', code),
  },
];

function named(
  dataset: 'ravdess' | 'emodb' | 'cremad' | 'tess' | 'savee',
  speaker: string,
  gender: string,
  language: string,
  code: string,
): NamedClip {
  const label = labelOf(dataset, code);
  if (label === undefined) return { reason: `${dataset} has no emotion ${code}` };
  return { dataset, speaker: `${dataset}_${speaker}`, gender, language, label };
}

/** What `path` (relative, with `/`) says by the conventions of RAVDESS, EmoDB, CREMA-D, TESS or SAVEE. */
export function readFileName(path: string): NamedClip {
  const stem = path.replace(/\.[^./]*$/, '');
  for (const { pattern, read } of conventions) {
    const groups = pattern.exec(stem)?.groups;
    if (groups !== undefined) return read(groups);
  }
  return { reason: 'the file name follows no convention that we know; describe it in an index.csv' };
}
