import { type Html, html } from './html.ts';
import { scrolling } from './table.ts';

/** The darkest cell still carries its number at 4.5:1 in light and dark. */
const darkestShare = 0.45;
const caption = 'Clips of each class (rows) by what they were taken for (columns)';

/**
 * A row for each true class, a column for each class decided; a cell is shaded by its share of the row.
 * @param confusion [C][C + 1] counts, the last column without an answer
 */
export function confusionTable(labels: readonly string[], confusion: readonly (readonly number[])[]): Html {
  const silent = confusion.some((row) => row[labels.length] > 0);
  const columns = silent ? [...labels, 'no answer'] : labels;
  const present = labels.flatMap((label, c) => (confusion[c].some((n) => n > 0) ? [{ label, c }] : []));
  return scrolling(
    caption,
    html`<table class="confusion">
<caption>${caption}</caption>
<thead><tr><th scope="col">acted as</th>${columns.map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${present.map(({ label, c }) => {
      const clips = confusion[c].reduce((sum, n) => sum + n, 0);
      return html`<tr><th scope="row">${label}</th>${columns.map((_, decided) => {
        const count = confusion[c][decided];
        if (count === 0) return html`<td class="none">0</td>`;
        const share = count / clips;
        const shade = `background: color-mix(in oklab, var(--shade) ${(100 * darkestShare * share).toFixed(0)}%, transparent)`;
        return html`<td${decided === c ? html` class="hit"` : null} style="${shade}">${countText(count)}<small>${(100 * share).toFixed(0)} %</small></td>`;
      })}</tr>\n`;
    })}</tbody>
</table>`,
  );
}

/** Means over seeds need not be whole. */
const countText = (count: number) => (Number.isInteger(count) ? String(count) : count.toFixed(1));
