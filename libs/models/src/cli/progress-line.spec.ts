import { describe, expect, it } from 'vitest';
import { ProgressLine } from './progress-line.ts';

/** What is written, and a clock that the test moves. */
function terminal(isTTY: boolean) {
  const clock = { nowMs: 0 };
  const written: string[] = [];
  const line = new ProgressLine({ isTTY, write: (text) => written.push(text) }, () => clock.nowMs);
  return { line, written, clock };
}

describe('a progress line', () => {
  it('is redrawn in place on a terminal, and makes room for lines that stay', () => {
    const { line, written, clock } = terminal(true);
    line.show('1 of 3');
    clock.nowMs = 100;
    line.show('2 of 3');
    line.print('done');
    line.show('next');
    expect(written).toEqual(['\r\x1b[K1 of 3', '\r\x1b[K2 of 3', '\r\x1b[Kdone\n', '\r\x1b[Knext']);
  });

  it('is redrawn at most ten times a second', () => {
    const { line, written, clock } = terminal(true);
    for (clock.nowMs = 0; clock.nowMs < 1_000; clock.nowMs++) line.show('text');
    expect(written).toHaveLength(10);
  });

  it('leaves only whole lines in a pipe', () => {
    const { line, written } = terminal(false);
    line.show('1 of 3');
    line.print('done');
    expect(written).toEqual(['done\n']);
  });
});
