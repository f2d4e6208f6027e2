import { html, svg, type TemplateResult } from 'lit';

/** What asks for somebody: headphones for what is worth a listen, a bell for an alert. */
const signs = {
  listen: 'M4 15V12a8 8 0 0 1 16 0v3M4 15h3v5H5a1 1 0 0 1-1-1zM20 15h-3v5h2a1 1 0 0 0 1-1z',
  alert: 'M5 17V11a7 7 0 0 1 14 0v6M3 17H21M10 20.5H14M12 4V2.5',
};

export const signPicture = (
  sign: keyof typeof signs,
): TemplateResult => html`<svg viewBox="0 0 24 24" aria-hidden="true">
  ${svg`<path d=${signs[sign]} />`}
</svg>`;
