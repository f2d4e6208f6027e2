import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const unique = (names: Iterable<string>): string[] => [...new Set(names)].sort();

describe('docs/operations.md', () => {
  it('describes every variable that an app reads, and no other', () => {
    const section = read('docs/operations.md').split('## Configuration')[1]?.split('\n## ')[0] ?? '';
    const described = section.matchAll(/^\| `([A-Z_]+)` \|/gm);
    const configs = globSync('apps/*/src/config.ts', { cwd: root });
    expect(configs).toHaveLength(3);
    const understood = configs.flatMap((path) => [...read(path).matchAll(/^\s+([A-Z][A-Z_]+): /gm)]);
    expect(unique([...described].map(([, name]) => name!))).toEqual(
      unique(understood.map(([, name]) => name!)),
    );
  });
});
