import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reportColours } from './report-style.ts';

it('has the theme’s colours', () => {
  const tokens = readFileSync(new URL('../../../theme/tokens.css', import.meta.url), 'utf8');
  for (const [name, [light, dark]] of Object.entries(reportColours)) {
    expect(tokens).toContain(`--ut-${name}: light-dark(${light}, ${dark});`);
  }
});
