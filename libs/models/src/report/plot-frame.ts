import { type Html, html } from './html.ts';

const width = 560;
const height = 320;
const margin = { left: 52, right: 14, top: 12, bottom: 44 };

export interface Axis {
  label: string;
  low: number;
  high: number;
  /** Ticks are at whole numbers only. */
  whole?: boolean;
}

/** Turns a value of the data into a place in the picture. */
export type Scale = (value: number) => number;

/**
 * An SVG of its axes with ticks and whatever `marks` draws between them.
 * @param title what is shown; read out instead of the picture
 */
export function plotFrame(title: string, x: Axis, y: Axis, marks: (x: Scale, y: Scale) => Html): Html {
  const toX: Scale = (value) =>
    margin.left + ((value - x.low) / (x.high - x.low)) * (width - margin.left - margin.right);
  const toY: Scale = (value) =>
    height - margin.bottom - ((value - y.low) / (y.high - y.low)) * (height - margin.top - margin.bottom);
  const right = width - margin.right;
  const bottom = height - margin.bottom;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
${ticks(y).map(
  (value) =>
    html`<line class="grid" x1="${margin.left}" x2="${right}" y1="${round(toY(value))}" y2="${round(toY(value))}"/><text class="tick" x="${margin.left - 8}" y="${round(toY(value) + 4)}" text-anchor="end">${tickText(value)}</text>\n`,
)}${ticks(x).map(
  (value) =>
    html`<line class="axis" x1="${round(toX(value))}" x2="${round(toX(value))}" y1="${bottom}" y2="${bottom + 4}"/><text class="tick" x="${round(toX(value))}" y="${bottom + 18}" text-anchor="middle">${tickText(value)}</text>\n`,
)}<line class="axis" x1="${margin.left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>
<text class="label" x="${(margin.left + right) / 2}" y="${height - 6}" text-anchor="middle">${x.label}</text>
<text class="label" x="14" y="${(margin.top + bottom) / 2}" text-anchor="middle" transform="rotate(-90 14 ${(margin.top + bottom) / 2})">${y.label}</text>
${marks(toX, toY)}
</svg>`;
}

/** Round numbers within the axis, about six: steps of 1, 2 or 5 times a power of ten (Heckbert 1990). */
export function ticks({ low, high, whole = false }: Omit<Axis, 'label'>): number[] {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999)!;
  const step = whole ? Math.max(1, nice) : nice;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => (first + i) * step);
}

/** Coordinates to a tenth of a pixel. */
export const round = (pixels: number): number => Math.round(10 * pixels) / 10;

const tickText = (value: number) => String(Number(value.toPrecision(6)));
