// `node --import` of this runs an app from its sources: Node by itself strips types, but knows no decorators.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';

const source = /\/(?:apps|libs)\/[^/]+\/src\/.*\.ts$/;
const compilerOptions = {
  target: typescript.ScriptTarget.ES2024,
  module: typescript.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  experimentalDecorators: true,
  useDefineForClassFields: true,
};

registerHooks({
  load(url, context, nextLoad) {
    if (!source.test(url)) return nextLoad(url, context);
    const text = readFileSync(fileURLToPath(url), 'utf8');
    const { outputText } = typescript.transpileModule(text, { compilerOptions });
    return { format: 'module', source: outputText, shortCircuit: true };
  },
});
