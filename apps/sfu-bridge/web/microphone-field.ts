import { css, html, LitElement } from 'lit';
import { controlStyles } from './control-styles.ts';
import './level-meter.ts';
import './problem-notice.ts';
import type { MicrophoneState } from './microphone.ts';

/** Which microphone, and whether it hears something. Fires `microphone-asked` with a device id. */
class MicrophoneField extends LitElement {
  static override properties = { microphone: { attribute: false }, muted: { type: Boolean } };
  declare microphone: MicrophoneState;
  declare muted: boolean;

  constructor() {
    super();
    this.muted = false;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: grid;
        gap: var(--ut-space-3);
      }
      button {
        justify-self: start;
      }
    `,
  ];

  override render() {
    const { stream, problem } = this.microphone;
    return html`
      ${stream === null ? html`<h2>Microphone</h2>` : this.#renderOpen(stream)}
      <ut-problem-notice .problem=${problem}></ut-problem-notice>
      ${
        stream !== null && problem === null
          ? ''
          : html`
              ${problem === null ? html`<p class="soft">Your browser will ask you to allow it. Nobody hears you before you join.</p>` : ''}
              <button type="button" @click=${() => this.#ask(null)}>
                ${problem === null ? 'Use my microphone' : 'Try again'}
              </button>
            `
      }
    `;
  }

  #renderOpen(stream: MediaStream) {
    const { devices, deviceId } = this.microphone;
    return html`<label>
        Microphone
        <select @change=${(event: Event) => this.#ask((event.target as HTMLSelectElement).value)}>
          ${devices.map(
            (device, i) => html`<option value=${device.deviceId} ?selected=${device.deviceId === deviceId}>
              ${device.label || `Microphone ${i + 1}`}
            </option>`,
          )}
        </select>
      </label>
      <ut-level-meter .stream=${this.muted ? null : stream} label="Level of your microphone"></ut-level-meter>`;
  }

  /** @param deviceId null for whichever was used last */
  #ask(deviceId: string | null): void {
    this.dispatchEvent(
      new CustomEvent<string | null>('microphone-asked', { detail: deviceId, bubbles: true, composed: true }),
    );
  }
}

customElements.define('ut-microphone-field', MicrophoneField);
