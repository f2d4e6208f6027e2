type Rgb = [number, number, number];

function channels(colour: string): Rgb {
  const [red, green, blue] = colour.match(/[\d.]+/g)!.map(Number);
  return [red, green, blue];
}

/** Black or white, whichever reads better on `colour` laid over `surface` with opacity `strength` (WCAG 2.2 luminance). */
export function labelInk(colour: string, strength: number, surface: string): '#000' | '#fff' {
  const under = channels(surface);
  const [red, green, blue] = channels(colour).map((channel, k) => {
    const level = (strength * channel + (1 - strength) * under[k]) / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) ? '#000' : '#fff';
}
