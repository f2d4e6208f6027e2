// npm run build:kernel: compiles libs/dsp/kernel (AssemblyScript) into libs/dsp/src/power-spectrum-kernel.ts. The compiler is
// fetched for the occasion: it is ten times as large as everything else that Undertone needs, and the kernel rarely changes.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const compiler = 'assemblyscript@0.28.20';
const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory'];

const source = fileURLToPath(new URL('../libs/dsp/kernel/power-spectrum.ts', import.meta.url));
const target = fileURLToPath(new URL('../libs/dsp/src/power-spectrum-kernel.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'undertone-kernel-'));
const binary = join(folder, 'kernel.wasm');
const { status } = spawnSync(
  'npm',
  ['exec', '--yes', `--package=${compiler}`, '--', 'asc', source, ...options, '-o', binary],
  { stdio: 'inherit' },
);
if (status !== 0) {
  console.error(`the kernel was not built: ${compiler} failed or could not be fetched`);
  process.exit(1);
}
const hash = createHash('sha256').update(readFileSync(source)).digest('hex');
const lines =
  readFileSync(binary)
    .toString('base64')
    .match(/.{1,100}/g) ?? [];
rmSync(folder, { recursive: true });
writeFileSync(
  target,
  `// Made by \`npm run build:kernel\` from libs/dsp/kernel/power-spectrum.ts; do not edit.

/** SHA-256 of the source that this was made from. */
export const kernelSourceHash = '${hash}';

/** The WebAssembly module, base64. */
export const kernelBinary = [
${lines.map((line) => `  '${line}',`).join('\n')}
].join('');
`,
);
