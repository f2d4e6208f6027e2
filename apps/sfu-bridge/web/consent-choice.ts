import { css, html, LitElement } from 'lit';
import { controlStyles } from './control-styles.ts';
import type { OwnConsent } from './join-address.ts';

const choices: { consent: OwnConsent; label: string }[] = [
  { consent: 'granted', label: 'Yes, analyse how my voice sounds' },
  { consent: 'denied', label: 'No, don’t analyse my voice' },
];

/**
 * What is analysed, and the person's own yes or no. Nothing is ticked unless they (or the address) said so.
 * Fires `consent-chosen`.
 */
class ConsentChoice extends LitElement {
  static override properties = { chosen: { attribute: false } };
  declare chosen: OwnConsent | null;

  constructor() {
    super();
    this.chosen = null;
  }

  static override styles = [
    controlStyles,
    css`
      fieldset {
        display: grid;
        gap: var(--ut-space-3);
      }
      .notice {
        margin-top: var(--ut-space-2);
      }
      .choices {
        display: grid;
        gap: var(--ut-space-2);
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--ut-space-3);
        min-height: 2.75rem;
        padding: var(--ut-space-2) var(--ut-space-3);
        border: 1px solid var(--ut-rule-strong);
        border-radius: var(--ut-radius);
        font-size: var(--ut-text-md);
        cursor: pointer;
      }
      label:has(:checked) {
        border-color: var(--ut-ink);
        box-shadow: inset 0 0 0 1px var(--ut-ink);
      }
      label:has(:focus-visible) {
        outline: 3px solid var(--ut-focus);
        outline-offset: 2px;
      }
      input {
        width: 1.125rem;
        height: 1.125rem;
        margin: 0;
        accent-color: var(--ut-inverse);
        outline: none;
      }
    `,
  ];

  /** Shows the browser's own message at the choice if none was made. */
  reportValidity(): boolean {
    return this.renderRoot.querySelector('input')!.reportValidity();
  }

  override render() {
    return html`<fieldset>
      <legend>Voice expression analysis</legend>
      <p class="soft notice">
        While you talk, a computer model can estimate how your voice sounds to others, for example calm, happy or
        angry, from its pitch, loudness and tone. It does not look at what you say, and it does not know what you
        feel.
      </p>
      <p class="soft">People who watch this call on the dashboard see the estimate live. Your audio is not recorded.</p>
      <p class="soft">You are in the call either way, and you can change your choice at any time.</p>
      <div class="choices">
        ${choices.map(
          ({ consent, label }) => html`<label>
            <input
              type="radio"
              name="consent"
              required
              .value=${consent}
              .checked=${this.chosen === consent}
              @change=${() => this.#choose(consent)}
            />${label}
          </label>`,
        )}
      </div>
    </fieldset>`;
  }

  #choose(consent: OwnConsent): void {
    this.chosen = consent;
    this.dispatchEvent(
      new CustomEvent<OwnConsent>('consent-chosen', { detail: consent, bubbles: true, composed: true }),
    );
  }
}

customElements.define('ut-consent-choice', ConsentChoice);

export type { ConsentChoice };
