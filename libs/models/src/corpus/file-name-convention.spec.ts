import { expect, it } from 'vitest';
import { readFileName } from './file-name-convention.ts';

it.each([
  ['Actor_12/03-01-06-01-02-01-12.wav', 'ravdess', 'ravdess_12', 'female', 'en', 'fearful'],
  ['03-01-02-01-01-01-01.flac', 'ravdess', 'ravdess_01', 'male', 'en', 'calm'],
  ['wav/03a01Fa.wav', 'emodb', 'emodb_03', 'male', 'de', 'happy'],
  ['16b10Lb.wav', 'emodb', 'emodb_16', 'female', 'de', 'boredom'],
  ['AudioWAV/1001_DFA_ANG_XX.wav', 'cremad', 'cremad_1001', 'male', 'en', 'angry'],
  ['1091_IEO_DIS_HI.wav', 'cremad', 'cremad_1091', 'female', 'en', 'disgust'],
  ['OAF_Pleasant_surprise/OAF_back_ps.wav', 'tess', 'tess_OAF', 'female', 'en', 'surprised'],
  ['OA_bite_neutral.wav', 'tess', 'tess_OAF', 'female', 'en', 'neutral'],
  ['AudioData/DC/sa03.wav', 'savee', 'savee_DC', 'male', 'en', 'sad'],
  ['KL_su15.wav', 'savee', 'savee_KL', 'male', 'en', 'surprised'],
])('reads %s', (path, dataset, speaker, gender, language, label) => {
  expect(readFileName(path)).toEqual({ dataset, speaker, gender, language, label });
});

it.each([
  ['03-02-06-01-02-01-12.wav', 'song'],
  ['02-01-06-01-02-01-12.wav', 'without sound'],
  ['03-01-09-01-02-01-12.wav', 'no emotion 09'],
  ['03a01Xa.wav', 'no emotion X'],
  ['holiday.mp3', 'no convention'],
])('says why it leaves out %s', (path, reason) => {
  expect(readFileName(path)).toEqual({ reason: expect.stringContaining(reason) });
});
