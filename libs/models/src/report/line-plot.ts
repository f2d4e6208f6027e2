import { type Html, html } from './html.ts';
import { type Axis, plotFrame, round } from './plot-frame.ts';

export interface Series {
  name: string;
  points: readonly (readonly [number, number])[];
}

/** As many as there are colours and dashes for. */
const styles = 6;

/**
 * Lines over a common axis, told apart by colour and by dashes, with a legend.
 * @param marked a vertical line at this place, and what it says
 */
export function linePlot(
  title: string,
  x: Axis,
  y: Axis,
  series: readonly Series[],
  marked: { at: number; name: string } | null = null,
): Html {
  const plot = plotFrame(
    title,
    x,
    y,
    (toX, toY) =>
      html`${
        marked &&
        html`<line class="marked" x1="${round(toX(marked.at))}" x2="${round(toX(marked.at))}" y1="${round(toY(y.low))}" y2="${round(toY(y.high))}"/>\n`
      }${series.map(({ points }, i) =>
        points.length === 1
          ? html`<circle class="dot series-${i % styles}" cx="${round(toX(points[0][0]))}" cy="${round(toY(points[0][1]))}" r="3"/>\n`
          : html`<polyline class="series series-${i % styles}" points="${points
              .map(([a, b]) => `${round(toX(a))},${round(toY(b))}`)
              .join(' ')}"/>\n`,
      )}`,
  );
  return html`<figure><figcaption>${title}</figcaption>
${plot}
<ul class="legend">${series.map(
    ({ name }, i) =>
      html`<li><svg viewBox="0 0 34 8" aria-hidden="true"><line class="series series-${i % styles}" x1="1" x2="33" y1="4" y2="4"/></svg>${name}</li>`,
  )}${
    marked &&
    html`<li><svg viewBox="0 0 34 8" aria-hidden="true"><line class="marked" x1="17" x2="17" y1="0" y2="8"/></svg>${marked.name}</li>`
  }</ul></figure>`;
}
