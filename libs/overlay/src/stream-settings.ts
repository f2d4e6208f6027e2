/** What the page's address may say. */
export interface StreamSettings {
  call: string | null;
  speaker: string | null;
  token: string | null;
  timeline: boolean;
  seconds: string | null;
  theme: 'light' | 'dark' | null;
  lang: string | null;
  /** How large, 1 for as large as in a page. */
  size: number;
}

/**
 * `?call=…&speaker=…&timeline&seconds=…&theme=…&lang=…&size=…#token=…`. The token stands behind the `#`, so that browsers
 * send it to nobody as part of the address.
 */
export function readStreamSettings({ search, hash }: { search: string; hash: string }): StreamSettings {
  const query = new URLSearchParams(search);
  const theme = query.get('theme');
  const size = Number(query.get('size') ?? 1);
  return {
    call: query.get('call'),
    speaker: query.get('speaker'),
    token: new URLSearchParams(hash.replace(/^#/, '')).get('token'),
    timeline: query.has('timeline'),
    seconds: query.get('seconds'),
    theme: theme === 'light' || theme === 'dark' ? theme : null,
    lang: query.get('lang'),
    size: size >= 0.5 && size <= 8 ? size : 1,
  };
}
