import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PartLog, warningIn } from './part-log.ts';

describe('PartLog', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'undertone-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps every line in a file and the last twenty at hand', () => {
    const log = new PartLog(folder, 'demo call');
    for (let line = 1; line <= 30; line += 1) log.write(`line ${line}`);
    expect(log.path).toBe(join(folder, 'demo-call.log'));
    expect(readFileSync(log.path, 'utf8').trimEnd().split('\n')).toHaveLength(30);
    expect(log.tail.split('\n')).toHaveLength(20);
    expect(log.tail.endsWith('line 29\nline 30')).toBe(true);
  });

  it('never takes more than two files of 16 MiB', () => {
    const log = new PartLog(folder, 'bridge');
    const mebibyte = 'x'.repeat(1024 * 1024);
    for (let line = 0; line < 60; line += 1) log.write(mebibyte);
    expect(readdirSync(folder).sort()).toEqual(['bridge.log', 'bridge.old.log']);
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).size).toBeLessThan(18 * 1024 * 1024);
    }
  });

  it('begins anew with each start', () => {
    new PartLog(folder, 'bridge').write('yesterday');
    const log = new PartLog(folder, 'bridge');
    log.write('today');
    expect(readFileSync(log.path, 'utf8')).toBe('today\n');
  });
});

describe('warningIn', () => {
  it.each([
    ['{"level":40,"msg":"credit is used up"}', 'credit is used up'],
    ['{"level":50,"msg":"boot failed","err":{"message":"no model"}}', 'boot failed: no model'],
    ['{"level":50}', '{"level":50}'],
    ['{"level":30,"msg":"listening"}', null],
    ['{"level":', null],
    ['plain text', null],
  ])('finds in %s: %s', (line, warning) => {
    expect(warningIn(line)).toBe(warning);
  });
});
