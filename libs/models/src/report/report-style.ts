import { Html } from './html.ts';

/** Light and dark values of the theme's tokens (`libs/theme/tokens.css`); the page is read without them. */
export const reportColours: Record<string, readonly [string, string]> = {
  page: ['#f4f3ef', '#121318'],
  surface: ['#ffffff', '#1a1c22'],
  ink: ['#17181c', '#eeeff3'],
  'ink-soft': ['#4a4d57', '#b3b7c3'],
  'ink-faint': ['#62656f', '#9297a5'],
  rule: ['#e0ddd5', '#2b2e37'],
  'rule-strong': ['#84868f', '#6f7482'],
  // Lines are told apart by the colours of the timelines: they are distinct in every simulated colour vision.
  'expression-sad': ['#1f2fa8', '#4f69e4'],
  'expression-angry': ['#d2330f', '#ff7847'],
  'expression-calm': ['#14776f', '#5cc0a6'],
  'expression-fearful': ['#9b3cc6', '#cf8df0'],
  'expression-happy': ['#c38300', '#f5d44a'],
};

const declarations = Object.entries(reportColours)
  .map(([name, [light, dark]]) => `--${name}: light-dark(${light}, ${dark});`)
  .join(' ');

export const reportStyle = new Html(`
:root { color-scheme: light dark; ${declarations} --shade: var(--expression-sad); }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 ui-sans-serif, system-ui, sans-serif; }
main { max-width: 74rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1rem; margin: 1.75rem 0 .5rem; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .75rem 1.5rem; margin: 0; }
dt { color: var(--ink-faint); font-size: .8rem; }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; }
figure { margin: 0; padding: 1rem; background: var(--surface); border: 1px solid var(--rule); border-radius: 8px; max-width: 38rem; }
figcaption { font-weight: 600; margin-bottom: .5rem; }
figure > svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--ink-soft); font-size: 12px; font-variant-numeric: tabular-nums; }
svg line, svg polyline { fill: none; stroke-width: 1; }
.grid { stroke: var(--rule); }
.axis { stroke: var(--rule-strong); }
svg .marked { stroke: var(--ink-faint); stroke-dasharray: 2 3; }
svg .series { stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round; }
.series-0 { stroke: var(--ink); }
.series-1 { stroke: var(--expression-angry); stroke-dasharray: 7 4; }
.series-2 { stroke: var(--expression-sad); stroke-dasharray: 2 4; }
.series-3 { stroke: var(--expression-calm); stroke-dasharray: 9 3 2 3; }
.series-4 { stroke: var(--expression-fearful); stroke-dasharray: 12 4; }
.series-5 { stroke: var(--expression-happy); stroke-dasharray: 4 3; }
.dot { stroke-width: 2; fill: none; }
.legend { list-style: none; margin: .5rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .85rem; color: var(--ink-soft); }
.legend svg { width: 34px; height: 8px; margin-right: .4rem; vertical-align: middle; }
.scroll { overflow-x: auto; margin: .75rem 0; }
.row { display: flex; flex-wrap: wrap; gap: 0 2.5rem; align-items: flex-start; }
.row > * { max-width: 100%; }
.wide { flex: 1 1 22rem; max-width: 38rem; margin: .75rem 0; }
.note { color: var(--ink-faint); font-size: .85rem; margin: 0; }
table { border-collapse: collapse; background: var(--surface); font-variant-numeric: tabular-nums; }
caption { text-align: left; white-space: nowrap; color: var(--ink-soft); font-size: .85rem; padding: .25rem 0; }
th, td { padding: .3rem .75rem; border: 1px solid var(--rule); text-align: right; font-weight: 400; white-space: nowrap; }
th { color: var(--ink-soft); }
tbody th, th:first-child { text-align: left; }
.words { text-align: left; }
td.words { white-space: normal; max-width: 44rem; }
td.none { color: var(--ink-faint); }
td small { display: block; color: var(--ink-soft); font-size: .72rem; }
.confusion td { min-width: 3rem; padding: .25rem .5rem; }
.confusion .hit { font-weight: 700; outline: 2px solid var(--rule-strong); outline-offset: -2px; }
.confusion td small { color: inherit; font-weight: 400; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--ink-soft); }
pre { overflow-x: auto; padding: 1rem; background: var(--surface); border: 1px solid var(--rule); border-radius: 8px; font-size: .8rem; }
.files { columns: 24rem; font-size: .8rem; overflow-wrap: anywhere; }
footer { margin-top: 3rem; color: var(--ink-faint); font-size: .85rem; }
@media (max-width: 34rem) { figure > svg text { font-size: 18px; } }
@media print { body { background: none; } details:not([open]) > * { display: none; } }
`);
