// The import law of docs/architecture.md. `npm run check:imports` enforces it.
const only = (from, allowed) => ({
  name: `${from.replace(/\W+/g, '-')}-imports`,
  comment: `${from} may import, of ours, only: ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: {
    path: '^(apps|examples|libs|test|tools)/',
    pathNot: [from, ...allowed].map((folder) => `^${folder}/`),
  },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'imports are acyclic',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'packages-through-their-index',
      comment: 'a package is entered only through its index.ts',
      severity: 'error',
      from: { path: '^(apps|examples|libs)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/', pathNot: ['^$1/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    // Vite's own way of asking for a file as text.
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\?raw$' },
    },
    only('libs/wire', []),
    only('libs/dsp', []),
    only('libs/http', []),
    only('libs/theme', []),
    only('libs/models', ['libs/dsp']),
    only('libs/tap', ['libs/wire']),
    only('libs/overlay', ['libs/wire', 'libs/theme']),
    only('apps/sfu-bridge', ['libs/http', 'libs/wire', 'libs/dsp', 'libs/theme']),
    only('apps/analyzer', ['libs/http', 'libs/wire', 'libs/dsp', 'libs/models']),
    only('apps/dashboard', ['libs/http', 'libs/wire', 'libs/theme', 'libs/overlay']),
    only('examples/conference', ['libs/tap']),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.undertone)/' },
  },
};
