import type { Expression, PointState } from '@undertone/wire';

/**
 * Marks as the melody of a voice: one stroke in a 24 × 24 box, told apart by shape alone. They are the second cue beside
 * colour, and pictures of sound, not of faces: Undertone hears how a voice sounds, not what a person feels.
 */
export const glyphs: Record<Expression | Exclude<PointState, 'speech'> | 'not-analysed', string> = {
  neutral: 'M4 12H20',
  calm: 'M3.5 13.5C6.5 8.5 9.5 8.5 12 12S17.5 15.5 20.5 10.5',
  happy: 'M3.5 17C4.5 10 9 10 10 17C11 4.5 19 4.5 20.5 14',
  sad: 'M3.5 6.5C10 6.5 9 17.5 20.5 17.5',
  angry: 'M3 14.5L6.5 5L10.5 19L14.5 5L18 19L21 10',
  fearful: 'M3 12Q4.5 6.5 6 12T9 12T12 12T15 12T18 12T21 12',
  disgust: 'M3.5 8C9 8 8.5 18 14.5 18C21 18 21 9.5 15.5 9.5C11.5 9.5 11.5 14.5 15.5 14.5',
  surprised: 'M3.5 17.5H8L12 4.5L16 17.5H20.5',
  silence: 'M5 12H5.01M12 12H12.01M19 12H19.01',
  'warming-up': 'M4 13V11M9.33 14.5V9.5M14.66 16.5V7.5M20 18.5V5.5',
  concealed: 'M3 12H7.5M16.5 12H21M9.5 8L14.5 16M14.5 8L9.5 16',
  'not-analysed': 'M5.5 5.5L18.5 18.5M12 3.5A8.5 8.5 0 1 0 12 20.5A8.5 8.5 0 1 0 12 3.5',
};
