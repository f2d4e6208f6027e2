import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

type Rgb = [number, number, number];
type Mode = 'light' | 'dark';

const css = readFileSync(new URL('../tokens.css', import.meta.url), 'utf8');
const names = ['neutral', 'calm', 'happy', 'sad', 'angry', 'fearful', 'disgust', 'surprised'];
const surfaces = ['page', 'surface', 'surface-raised', 'surface-sunken', 'surface-hover'];
const modes: Mode[] = ['light', 'dark'];

/** Linear-light sRGB of `--ut-NAME` in one mode. */
function token(name: string, mode: Mode): Rgb {
  const found = new RegExp(`--ut-${name}: light-dark\\(#([0-9a-f]{6}), #([0-9a-f]{6})\\)`).exec(css);
  if (!found) throw new Error(`tokens.css has no --ut-${name}`);
  const hex = found[mode === 'light' ? 1 : 2];
  return [0, 2, 4].map((at) => {
    const level = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
}

/** WCAG 2.2 contrast ratio. */
function contrast(a: Rgb, b: Rgb): number {
  const luminance = ([red, green, blue]: Rgb) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const [bright, dim] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (bright + 0.05) / (dim + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, severity 1.0, applied to linear light. */
const visions: Record<string, [Rgb, Rgb, Rgb]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seen(colour: Rgb, rows: [Rgb, Rgb, Rgb]): Rgb {
  return rows.map((row) =>
    Math.min(1, Math.max(0, row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2])),
  ) as Rgb;
}

/** Distance in OKLab (Ottosson 2020); 0.02 is about the smallest difference that is noticed side by side. */
function difference(a: Rgb, b: Rgb): number {
  const lab = ([r, g, bl]: Rgb): Rgb => {
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * bl);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * bl);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * bl);
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ];
  };
  const [x, y] = [lab(a), lab(b)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

describe.each(modes)('the tokens in %s mode', (mode) => {
  test('keep every ink at 4.5:1 on every surface', () => {
    for (const ink of ['ink', 'ink-soft', 'ink-faint']) {
      for (const surface of surfaces) {
        const ratio = contrast(token(ink, mode), token(surface, mode));
        expect(ratio, `${ink} on ${surface}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(token('on-inverse', mode), token('inverse', mode))).toBeGreaterThanOrEqual(7);
  });

  test('keep control borders, focus and every expression at 3:1 on cards', () => {
    for (const name of ['rule-strong', 'focus', ...names.map((each) => `expression-${each}`)]) {
      expect(contrast(token(name, mode), token('surface', mode)), name).toBeGreaterThanOrEqual(3);
    }
  });

  test('keep the mark on an expression readable', () => {
    for (const name of names) {
      const ratio = contrast(token(`on-expression-${name}`, mode), token(`expression-${name}`, mode));
      expect(ratio, name).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(Object.keys(visions))('tell every two expressions apart in %s vision', (vision) => {
    const colours = names.map((name) => seen(token(`expression-${name}`, mode), visions[vision]));
    for (let a = 0; a < names.length; a++) {
      for (let b = 0; b < a; b++) {
        expect(difference(colours[a], colours[b]), `${names[a]} and ${names[b]}`).toBeGreaterThan(0.07);
      }
    }
  });
});
