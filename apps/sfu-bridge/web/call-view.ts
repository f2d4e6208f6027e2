import type { ConsentState, Speaker } from '@undertone/wire';
import { css, html, LitElement } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { CallPhase, OtherSpeaker } from './call-session.ts';
import './consent-choice.ts';
import { controlStyles } from './control-styles.ts';
import './microphone-field.ts';
import type { MicrophoneState } from './microphone.ts';
import './other-voice.ts';
import type { OtherVoice } from './other-voice.ts';
import type { Problem } from './problem.ts';
import './problem-notice.ts';

const phaseWords: Record<CallPhase, string> = {
  out: 'Not in the call',
  joining: 'Joining…',
  'in-call': 'You are in the call',
  reconnecting: 'Connection lost: joining again…',
};

const ownChoiceWords: Record<ConsentState, string> = {
  granted: 'You agreed to it.',
  unknown: 'You have not been asked.',
  denied: 'You did not agree to it.',
  withdrawn: 'You withdrew your consent.',
};

/** The call from the inside. Fires `mute-asked`, `leave-asked`, `consent-chosen` and `microphone-asked`. */
class CallView extends LitElement {
  static override properties = {
    phase: {},
    self: { attribute: false },
    others: { attribute: false },
    muted: { type: Boolean },
    microphone: { attribute: false },
    problem: { attribute: false },
    soundBlocked: { state: true },
  };
  declare phase: CallPhase;
  declare self: Speaker | null;
  declare others: readonly OtherSpeaker[];
  declare muted: boolean;
  declare microphone: MicrophoneState;
  declare problem: Problem | null;
  declare soundBlocked: boolean;

  constructor() {
    super();
    this.soundBlocked = false;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: grid;
        gap: var(--ut-space-4);
      }
      .decision {
        display: grid;
        grid-template-columns: auto 1fr;
        align-items: center;
        gap: var(--ut-space-1) var(--ut-space-3);
        padding: var(--ut-space-3) var(--ut-space-4);
        border: 1px solid var(--ut-rule-strong);
        border-radius: var(--ut-radius);
      }
      .decision.on {
        border-color: var(--ut-inverse);
        background: var(--ut-inverse);
        color: var(--ut-on-inverse);
      }
      .decision .mark {
        width: 0.75rem;
        height: 0.75rem;
        border: 2px solid currentcolor;
        border-radius: 50%;
      }
      .decision.on .mark {
        background: currentcolor;
      }
      .decision .reason {
        grid-column: 2;
        font-size: var(--ut-text-sm);
      }
      .actions {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--ut-space-3);
      }
      ul {
        display: grid;
        gap: var(--ut-space-4);
        margin: 0;
        padding: 0;
        list-style: none;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#onKey);
  }

  override render() {
    return html`
      <p role="status">${phaseWords[this.phase]}${this.phase === 'in-call' && this.muted ? ', muted' : ''}</p>
      <ut-problem-notice .problem=${this.problem}></ut-problem-notice>
      ${this.self === null || this.phase !== 'in-call' ? '' : this.#renderDecision(this.self)}
      <section class="panel">
        <ut-microphone-field .microphone=${this.microphone} ?muted=${this.muted}></ut-microphone-field>
        <div class="actions">
          <button class=${this.muted ? 'primary' : ''} aria-keyshortcuts="m" title="Mute or unmute (M)" @click=${this.#askMute}>
            ${this.muted ? 'Unmute' : 'Mute'}
          </button>
          <button @click=${() => this.dispatchEvent(new Event('leave-asked'))}>Leave the call</button>
        </div>
      </section>
      <section class="panel" aria-label="Others in the call">
        <h2>Others in the call</h2>
        ${this.#renderOthers()}
      </section>
      <section class="panel">
        <ut-consent-choice
          .chosen=${this.self?.consent === 'granted' ? 'granted' : 'denied'}
        ></ut-consent-choice>
      </section>
    `;
  }

  #renderDecision({ decision, consent }: Speaker) {
    // The policy's own words are for supervisors; our own choice is said to ourselves.
    const reason = decision.analysed === (consent === 'granted') ? ownChoiceWords[consent] : decision.reason;
    return html`<div role="status" class="decision ${decision.analysed ? 'on' : 'off'}">
      <span class="mark" aria-hidden="true"></span>
      <strong>Voice expression analysis is ${decision.analysed ? 'on' : 'off'} for you</strong>
      <span class="reason">${reason}</span>
    </div>`;
  }

  #renderOthers() {
    if (this.phase !== 'in-call')
      return html`<p class="soft">You see and hear them as soon as you are in the call.</p>`;
    if (this.others.length === 0) return html`<p class="soft">Nobody else is here yet.</p>`;
    return html`
      ${
        this.soundBlocked
          ? html`<button class="primary" @click=${this.#hearOthers}>Let me hear the others</button>`
          : ''
      }
      <ul @sound-blocked=${() => (this.soundBlocked = true)}>
        ${repeat(
          this.others,
          ({ speaker }) => speaker.id,
          (other) => html`<li><ut-other-voice .other=${other}></ut-other-voice></li>`,
        )}
      </ul>
    `;
  }

  #hearOthers(): void {
    this.soundBlocked = false;
    for (const voice of this.renderRoot.querySelectorAll<OtherVoice>('ut-other-voice')) void voice.play();
  }

  readonly #askMute = (): void => {
    this.dispatchEvent(new Event('mute-asked'));
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const typing = event.composedPath()[0] instanceof HTMLSelectElement;
    if (event.key === 'm' && !event.repeat && !typing && !event.ctrlKey && !event.metaKey && !event.altKey)
      this.#askMute();
  };
}

customElements.define('ut-call-view', CallView);
