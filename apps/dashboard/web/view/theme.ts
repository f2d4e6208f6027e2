import { refreshPalette } from '../timeline/palette.ts';

type Theme = 'light' | 'dark';
const storageKey = 'undertone-theme';
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

/** The theme in force: the remembered one, else the system's. */
export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return systemIsDark.matches ? 'dark' : 'light';
}

/** Switches the theme and remembers it; what equals the system's is not remembered, so that it follows the system again. */
export function switchTheme(): void {
  const next: Theme = currentTheme() === 'dark' ? 'light' : 'dark';
  const system: Theme = systemIsDark.matches ? 'dark' : 'light';
  if (next === system) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === system) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, next);
  } catch {
    // Storage can be forbidden; the choice then lasts as long as the page.
  }
  refreshPalette();
}

systemIsDark.addEventListener('change', refreshPalette);
document.fonts.addEventListener('loadingdone', refreshPalette);
