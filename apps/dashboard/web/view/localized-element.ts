import { LitElement } from 'lit';
import { onLocaleChange } from '../language/locale.ts';

/** An element with text: rendered again when language or time zone changes. */
export class LocalizedElement extends LitElement {
  #forgetLocale = (): void => {};

  override connectedCallback(): void {
    super.connectedCallback();
    this.#forgetLocale = onLocaleChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forgetLocale();
  }
}
