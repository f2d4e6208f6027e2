import tokens from '@undertone/theme/tokens.css?raw';
import { unsafeCSS } from 'lit';

/**
 * The design tokens for a shadow root in a page that is not ours: on the element instead of the page, light or dark as the
 * page is unless the `theme` attribute says otherwise, and sized by `--undertone-rem`, since a page may use `rem` in its
 * own way.
 */
export const tokenStyles = unsafeCSS(
  tokens
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/:root\[data-theme="(\w+)"\]/g, ':host([theme="$1"])')
    .replaceAll(':root', ':host')
    .replace('color-scheme: light dark;', 'color-scheme: inherit;')
    .replaceAll(/([\d.]+)rem\b/g, 'calc($1 * var(--undertone-rem, 1rem))'),
);
