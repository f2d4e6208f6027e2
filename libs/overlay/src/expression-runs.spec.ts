import { type EmotionPoint, type Expression, expressions, PointHistory } from '@undertone/wire';
import { describe, expect, test } from 'vitest';
import { expressionRuns, expressionShares } from './expression-runs.ts';

const point = (atMs: number, expression: Expression | null, state: EmotionPoint['state'] = 'speech') => ({
  atMs,
  state: expression ? state : ('silence' as const),
  probabilities: expression ? expressions.map((each) => (each === expression ? 0.72 : 0.04)) : null,
  valence: expression ? 0 : null,
  arousal: expression ? 0 : null,
  confidence: expression ? 0.5 : 0,
});
const historyOf = (...points: EmotionPoint[]) => {
  const history = new PointHistory({ maxPoints: 100, historyMs: 1e9 });
  for (const each of points) history.append(each);
  return history;
};

describe('expression runs', () => {
  test('join points of the same state and expression, each from the end of the one before', () => {
    const history = historyOf(
      point(1_000, 'angry'),
      point(1_200, 'angry'),
      point(1_400, 'calm'),
      point(1_600, null),
      point(1_800, null),
    );
    const runs = expressionRuns(history, history.start, history.end);
    expect(runs.map((run) => [run.startMs, run.endMs, run.state, run.expression])).toEqual([
      [800, 1_200, 'speech', 'angry'],
      [1_200, 1_400, 'speech', 'calm'],
      [1_400, 1_800, 'silence', null],
    ]);
    expect(runs[0].confidence).toBeCloseTo(0.5);
  });

  test('stop where the analyzer was away', () => {
    const history = historyOf(point(1_000, 'angry'), point(60_000, 'angry'), point(60_200, 'angry'));
    const runs = expressionRuns(history, history.start, history.end);
    expect(runs.map((run) => [run.startMs, run.endMs])).toEqual([
      [750, 1_000],
      [59_800, 60_200],
    ]);
  });

  test('give lost audio no expression of its own, and tell warming up from speech', () => {
    const history = historyOf(
      point(1_000, 'sad', 'warming-up'),
      point(1_200, 'sad'),
      point(1_400, 'sad', 'concealed'),
    );
    const runs = expressionRuns(history, history.start, history.end);
    expect(runs.map((run) => [run.state, run.expression])).toEqual([
      ['warming-up', 'sad'],
      ['speech', 'sad'],
      ['concealed', null],
    ]);
  });
});

test('expression shares count the speech of the span, the largest first', () => {
  const history = historyOf(
    point(1_000, 'happy'),
    point(200_000, 'sad'),
    point(200_200, 'angry'),
    point(200_400, 'angry'),
    point(200_600, null),
  );
  expect(expressionShares(history, 60_000)).toEqual([
    { expression: 'angry', share: 2 / 3 },
    { expression: 'sad', share: 1 / 3 },
  ]);
});
