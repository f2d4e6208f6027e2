import { type Html, html } from './html.ts';
import { reportStyle } from './report-style.ts';

/** A whole page that needs nothing but itself: no scripts, no fonts, no files beside it. */
export function reportPage(title: string, facts: readonly (readonly [string, string])[], body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
${body}
<footer>Perceived vocal expression: how a voice sounds to listeners, not what anyone feels.</footer>
</main>
</body>
</html>
`.text;
}
