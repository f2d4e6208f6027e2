import type { Join } from '@undertone/wire';
import { css, html, LitElement } from 'lit';
import './consent-choice.ts';
import type { ConsentChoice } from './consent-choice.ts';
import { controlStyles } from './control-styles.ts';
import { type JoinAddress, type OwnRole, roleNames } from './join-address.ts';
import './microphone-field.ts';
import type { MicrophoneState } from './microphone.ts';
import type { Problem } from './problem.ts';
import './problem-notice.ts';

/** Who joins which call, with which microphone and which consent. Fires `join-asked` with a complete `Join`. */
class JoinForm extends LitElement {
  static override properties = {
    address: { attribute: false },
    microphone: { attribute: false },
    problem: { attribute: false },
  };
  declare address: JoinAddress;
  declare microphone: MicrophoneState;
  declare problem: Problem | null;

  static override styles = [
    controlStyles,
    css`
      form {
        display: grid;
        gap: var(--ut-space-4);
      }
      .fields {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--ut-space-4);
      }
      .wide {
        grid-column: 1 / -1;
      }
      button {
        min-height: 3rem;
      }
      @media (max-width: 30rem) {
        .fields {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  override render() {
    const { callId, name, role, consent } = this.address;
    return html`<form @submit=${this.#submit}>
      <ut-problem-notice .problem=${this.problem}></ut-problem-notice>
      <section class="panel fields">
        <label class="wide">
          Name of the call
          <input
            name="callId"
            required
            maxlength="64"
            pattern="[A-Za-z0-9_.\\-]{1,64}"
            title="Up to 64 letters, digits, dots, dashes or underscores"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            .value=${callId}
          />
        </label>
        <label>
          Your name
          <input name="name" required maxlength="80" pattern=".*\\S.*" title="Your name" autocomplete="name" .value=${name} />
        </label>
        <label>
          You are a
          <select name="role">
            ${Object.entries(roleNames).map(
              ([value, label]) => html`<option value=${value} ?selected=${value === role}>${label}</option>`,
            )}
          </select>
        </label>
      </section>
      <section class="panel"><ut-microphone-field .microphone=${this.microphone}></ut-microphone-field></section>
      <section class="panel"><ut-consent-choice .chosen=${consent}></ut-consent-choice></section>
      <button class="primary">Join the call</button>
    </form>`;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const choice = this.renderRoot.querySelector<ConsentChoice>('ut-consent-choice')!;
    if (!choice.reportValidity() || choice.chosen === null) return;
    const fields = new FormData(event.target as HTMLFormElement);
    const detail: Join = {
      callId: String(fields.get('callId')),
      name: String(fields.get('name')).trim(),
      role: String(fields.get('role')) as OwnRole,
      consent: choice.chosen,
    };
    this.dispatchEvent(new CustomEvent<Join>('join-asked', { detail }));
  }
}

customElements.define('ut-join-form', JoinForm);
