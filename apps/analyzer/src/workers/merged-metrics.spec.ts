import { expect, it } from 'vitest';
import { mergeMetrics } from './merged-metrics.ts';

it('keeps every sample, tells the workers apart, and lets the samples of a name stand together', () => {
  const text = (frames: number) =>
    [
      '# HELP frames_total PCM frames taken',
      '# TYPE frames_total counter',
      `frames_total ${frames}`,
      '',
      '# HELP points_total Points made, by {state}',
      '# TYPE points_total counter',
      `points_total{state="speech"} ${2 * frames}`,
      `points_total{state="a } b"} 1e-3`,
      '',
    ].join('\n');
  const merged = mergeMetrics([
    { worker: '0', text: text(3) },
    { worker: '1', text: text(4) },
    { worker: 'all', text: '# HELP workers Workers\n# TYPE workers gauge\nworkers 2\n' },
  ]);
  expect(merged).toBe(
    [
      '# HELP frames_total PCM frames taken',
      '# TYPE frames_total counter',
      'frames_total{worker="0"} 3',
      'frames_total{worker="1"} 4',
      '',
      '# HELP points_total Points made, by {state}',
      '# TYPE points_total counter',
      'points_total{worker="0",state="speech"} 6',
      'points_total{worker="0",state="a } b"} 1e-3',
      'points_total{worker="1",state="speech"} 8',
      'points_total{worker="1",state="a } b"} 1e-3',
      '',
      '# HELP workers Workers',
      '# TYPE workers gauge',
      'workers{worker="all"} 2',
      '',
    ].join('\n'),
  );
});
