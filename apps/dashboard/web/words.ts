import {
  type EmotionPoint,
  type Expression,
  expressions,
  type PointState,
  type SpeakerRole,
} from '@undertone/wire';

export const expressionWords: Record<Expression, string> = {
  neutral: 'Neutral',
  calm: 'Calm',
  happy: 'Happy',
  sad: 'Sad',
  angry: 'Angry',
  fearful: 'Fearful',
  disgust: 'Disgusted',
  surprised: 'Surprised',
};

export const stateWords: Record<Exclude<PointState, 'speech'>, string> = {
  silence: 'Silence',
  'warming-up': 'Warming up',
  concealed: 'Audio lost',
};

export const roleWords: Record<SpeakerRole, string> = {
  customer: 'customer',
  agent: 'agent',
  participant: 'participant',
  unknown: 'role unknown',
};

/** The expression that a point most likely carries; null where there is no judgement. */
export function likeliest(point: EmotionPoint): Expression | null {
  if (!point.probabilities) return null;
  return expressions[point.probabilities.indexOf(Math.max(...point.probabilities))];
}

/** Deviations from the speaker's own normal below which a voice is as usual, and from which the difference is large. */
const [slight, large] = [1, 2];

/** How a voice differs from what is usual for it: `much more excited, less pleasant than usual`. */
export function changeWords({ valence, arousal }: NonNullable<EmotionPoint['change']>): string {
  const differences = [
    { by: valence, quality: 'pleasant' },
    { by: arousal, quality: 'excited' },
  ]
    .filter(({ by }) => Math.abs(by) >= slight)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by))
    .map(
      ({ by, quality }) => `${Math.abs(by) >= large ? 'much ' : ''}${by > 0 ? 'more' : 'less'} ${quality}`,
    );
  return differences.length === 0 ? 'as usual' : `${differences.join(', ')} than usual`;
}

export const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** −0.62, +0.75, 0.00, with a real minus sign. */
export function signed(value: number): string {
  const digits = Math.abs(value).toFixed(2);
  if (digits === '0.00') return digits;
  return value < 0 ? `−${digits}` : `+${digits}`;
}

/** 4:07, or 1:04:07 from an hour on. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const pad = (part: number): string => String(part).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

const clockFormat = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

export const clockTime = (ms: number): string => clockFormat.format(ms);
