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
