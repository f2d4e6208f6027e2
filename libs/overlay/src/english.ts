import type { Expression } from '@undertone/wire';
import type { Messages } from './messages.ts';

const expressions: Record<Expression, string> = {
  neutral: 'Neutral',
  calm: 'Calm',
  happy: 'Happy',
  sad: 'Sad',
  angry: 'Angry',
  fearful: 'Fearful',
  disgust: 'Disgusted',
  surprised: 'Surprised',
};
const inline = (expression: Expression): string => expressions[expression].toLowerCase();

export const english: Messages = {
  expressions,
  soundsLike: (expression) => `Sounds ${inline(expression)}`,
  unclear: 'Unclear',
  confidence: (percent) => `${percent} confidence`,
  perhaps: (expression, percent) => `perhaps ${inline(expression)}, ${percent} confidence`,
  states: {
    'not-analysed': 'Not analysed',
    left: 'Has left',
    muted: 'Muted',
    'no-data': 'No data',
    listening: 'Listening',
    silence: 'Silent',
    concealed: 'Audio lost',
  },
  perceivedOf: (name) => `Perceived expression of ${name}`,
  bandInWords: (name, span, shares) =>
    `${name}, speech of the ${span}: ${shares.map(({ expression, percent }) => `${percent} ${inline(expression)}`).join(', ')}`,
  bandEmpty: (name, span) => `${name}: nothing said in the ${span}`,
  span: (seconds) => (seconds % 60 === 0 ? `last ${seconds / 60} min` : `last ${seconds} s`),
  now: 'now',
  notice: {
    title: 'Voice expression analysis is on',
    text: 'What you see is how a voice may sound to listeners. It does not say what anyone feels, and it is often wrong.',
    understood: 'Understood',
  },
  connecting: 'Connecting…',
  unreachable: 'Undertone can’t be reached from this page. Trying again…',
  refused: 'Undertone does not let this page look: the token is missing, wrong or expired.',
  callMalformed:
    'Say which call to show: the attribute “call” takes 1 to 64 letters, digits, dots, dashes or underscores.',
  missing: (callId) => `There is no call ${callId} yet.`,
  notInCall: 'Not in the call yet.',
  reconnecting: 'Connection lost. Reconnecting…',
  analyzerDown: 'The analysis is interrupted.',
  ended: 'The call has ended.',
};
