import { type Html, html } from './html.ts';

/**
 * A table for people and screen readers alike: the first cell of each row is its heading. Numbers go right, words left.
 * @param head names the columns; none may be empty
 */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): Html {
  const words = head.map((_, column) => rows.some((row) => /\p{Letter}/u.test(String(row[column]))));
  const side = (column: number) => (words[column] ? html` class="words"` : null);
  return scrolling(
    caption,
    html`<table>
<caption>${caption}</caption>
<thead><tr>${head.map((cell, i) => html`<th scope="col"${side(i)}>${cell}</th>`)}</tr></thead>
<tbody>${rows.map(
      ([first, ...cells]) =>
        html`<tr><th scope="row">${first}</th>${cells.map((cell, i) => html`<td${side(i + 1)}>${cell}</td>`)}</tr>\n`,
    )}</tbody>
</table>`,
  );
}

/** What is wider than the screen is scrolled by itself, by keyboard too. */
export const scrolling = (name: string, content: Html): Html =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${name}">${content}</div>`;
