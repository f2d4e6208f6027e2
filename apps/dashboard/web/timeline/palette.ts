import { expressions } from '@undertone/wire';

/** The design tokens as a canvas needs them: resolved for the theme in force. */
export interface Palette {
  /** By index into `expressions`. */
  expressions: string[];
  ink: string;
  inkSoft: string;
  inkFaint: string;
  rule: string;
  surface: string;
  fontFamily: string;
}

let resolved: Palette | null = null;
const listeners = new Set<() => void>();

export function palette(): Palette {
  resolved ??= resolve();
  return resolved;
}

/** Calls `listener` whenever the palette changes; returns how to stop. */
export function onPaletteChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The theme, or the font, has changed. */
export function refreshPalette(): void {
  resolved = null;
  for (const listener of listeners) listener();
}

/** Custom properties hold `light-dark()` unresolved; a colour that uses one is resolved. */
function resolve(): Palette {
  const probe = document.createElement('span');
  document.body.append(probe);
  const computed = getComputedStyle(probe);
  const colour = (token: string): string => {
    probe.style.color = `var(--ut-${token})`;
    return computed.color;
  };
  const found: Palette = {
    expressions: expressions.map((each) => colour(`expression-${each}`)),
    ink: colour('ink'),
    inkSoft: colour('ink-soft'),
    inkFaint: colour('ink-faint'),
    rule: colour('rule'),
    surface: colour('surface'),
    fontFamily: computed.getPropertyValue('--ut-font'),
  };
  probe.remove();
  return found;
}
