import { css, html, nothing } from 'lit';
import {
  currentTimeZone,
  type Language,
  languages,
  messages,
  preferredLanguage,
  rememberedLanguage,
  switchLanguage,
  switchTimeZone,
} from '../language/locale.ts';
import { controlStyles } from './control-styles.ts';
import { dialogStyles } from './dialog-styles.ts';
import { LocalizedElement } from './localized-element.ts';

/** `<ut-settings>`: in which language and time zone the page speaks. Takes effect at once. */
export class SettingsDialog extends LocalizedElement {
  static override properties = { opened: { state: true } };
  /** Whether it was opened yet: there are hundreds of time zones. */
  declare opened: boolean;

  constructor() {
    super();
    this.opened = false;
  }

  static override styles = [
    controlStyles,
    dialogStyles,
    css`
      label {
        display: block;
        margin-bottom: var(--ut-space-1);
        color: var(--ut-ink-soft);
        font-size: var(--ut-text-sm);
      }
      select {
        width: 100%;
        margin-bottom: var(--ut-space-4);
      }
    `,
  ];

  override render() {
    return html`<dialog aria-labelledby="settings-heading">${this.opened ? this.#choices() : nothing}</dialog>`;
  }

  async open(): Promise<void> {
    this.opened = true;
    await this.updateComplete;
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  #choices() {
    const says = messages().settings;
    const browserLanguage = languages[preferredLanguage(navigator.languages)].name;
    const computerZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const [language, timeZone] = [rememberedLanguage(), currentTimeZone()];
    return html`
      <h2 id="settings-heading">${says.heading}</h2>
      <label for="language">${says.language}</label>
        <select id="language" @change=${this.#languageChosen}>
          <option value="" ?selected=${language === null}>${says.browserLanguage(browserLanguage)}</option>
          ${Object.entries(languages).map(
            ([tag, { name }]) =>
              html`<option value=${tag} lang=${tag} ?selected=${language === tag}>${name}</option>`,
          )}
        </select>
      <label for="time-zone">${says.timeZone}</label>
        <select id="time-zone" @change=${this.#timeZoneChosen}>
          <option value="" ?selected=${timeZone === null}>${says.browserTimeZone(computerZone)}</option>
          ${['UTC', ...Intl.supportedValuesOf('timeZone')].map(
            (zone) => html`<option value=${zone} ?selected=${timeZone === zone}>${zone}</option>`,
          )}
        </select>
      <form method="dialog"><button>${says.close}</button></form>
    `;
  }

  #languageChosen(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    switchLanguage(value === '' ? null : (value as Language));
  }

  #timeZoneChosen(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    switchTimeZone(value === '' ? null : value);
  }
}
customElements.define('ut-settings', SettingsDialog);
