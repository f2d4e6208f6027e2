import { css, html, LitElement } from 'lit';
import { chooseLanguage } from './messages.ts';
import { readStreamSettings } from './stream-settings.ts';

/** `<undertone-stream>`: the whole page of an overlay for streaming software, on transparent ground. Its settings are in the address. */
export class UndertoneStream extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    undertone-overlay {
      width: fit-content;
      min-width: min(100%, calc(16 * var(--undertone-rem)));
      max-width: calc(24 * var(--undertone-rem));
    }
  `;

  override render() {
    const { call, speaker, token, timeline, seconds, theme, lang, size } = readStreamSettings(location);
    document.documentElement.lang = chooseLanguage(lang ? [lang] : navigator.languages);
    this.style.setProperty('--undertone-rem', `${size}rem`);
    return html`<undertone-overlay
      stream
      call=${call ?? ''}
      speaker=${speaker ?? ''}
      seconds=${seconds ?? ''}
      theme=${theme ?? ''}
      .token=${token}
      ?timeline=${timeline}
    ></undertone-overlay>`;
  }
}
