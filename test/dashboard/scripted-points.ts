import { type EmotionPoint, type Expression, expressions, type Speaker } from '@undertone/wire';

/** A customer who agreed, unless told otherwise. */
export function scriptedSpeaker(overrides: Partial<Speaker> & { callId: string; id: string }): Speaker {
  return {
    name: 'Dana Whitfield',
    role: 'customer',
    consent: 'granted',
    muted: false,
    decision: { analysed: true, reason: 'customer, consent granted' },
    joinedAtMs: Date.now() - 60_000,
    ...overrides,
  };
}

/** Where listeners place each expression (valence, arousal): roughly Russell's circumplex. */
const places: Record<Expression, [number, number]> = {
  neutral: [0, -0.1],
  calm: [0.35, -0.5],
  happy: [0.75, 0.45],
  sad: [-0.6, -0.45],
  angry: [-0.7, 0.75],
  fearful: [-0.55, 0.6],
  disgust: [-0.65, 0.2],
  surprised: [0.2, 0.7],
};

/** A point that hears `expression` with `probability`; the rest is spread evenly. */
export function spokenPoint(
  atMs: number,
  expression: Expression,
  probability = 0.72,
  state: 'speech' | 'warming-up' | 'concealed' = 'speech',
): EmotionPoint {
  const rest = (1 - probability) / (expressions.length - 1);
  const [valence, arousal] = places[expression];
  return {
    atMs,
    state,
    probabilities: expressions.map((each) => (each === expression ? probability : rest)),
    valence,
    arousal,
    confidence: state === 'speech' ? probability : probability / 3,
  };
}

export const silentPoint = (atMs: number): EmotionPoint => ({
  atMs,
  state: 'silence',
  probabilities: null,
  valence: null,
  arousal: null,
  confidence: 0,
});
