import { css, html, LitElement, type PropertyValues } from 'lit';
import type { OtherSpeaker } from './call-session.ts';
import { controlStyles } from './control-styles.ts';
import './level-meter.ts';

const roleWords = { customer: 'customer', agent: 'agent', participant: 'participant', unknown: '' } as const;

/** One of the others: their name, whether they can be heard, and their voice itself. */
class OtherVoice extends LitElement {
  static override properties = { other: { attribute: false } };
  declare other: OtherSpeaker;

  static override styles = [
    controlStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: 1fr 6rem;
        align-items: center;
        gap: var(--ut-space-1) var(--ut-space-4);
      }
      .name {
        overflow: hidden;
        font-weight: var(--ut-weight-medium);
        text-overflow: ellipsis;
      }
    `,
  ];

  override render() {
    const { speaker, voice } = this.other;
    const words = [roleWords[speaker.role], this.#state()].filter((word) => word !== '');
    return html`<div>
        <div class="name">${speaker.name}</div>
        <div class="soft">${words.join(' · ')}</div>
      </div>
      <ut-level-meter .stream=${speaker.muted ? null : voice} label=${`Level of ${speaker.name}`}></ut-level-meter>
      <audio></audio>`;
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('other')) return;
    const audio = this.renderRoot.querySelector('audio')!;
    if (audio.srcObject === this.other.voice) return;
    audio.srcObject = this.other.voice;
    if (this.other.voice !== null) void this.play();
  }

  /** Browsers may refuse sound until the person has touched the page: then fires `sound-blocked`. */
  async play(): Promise<void> {
    try {
      await this.renderRoot.querySelector('audio')!.play();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError')
        this.dispatchEvent(new Event('sound-blocked', { bubbles: true, composed: true }));
    }
  }

  #state(): string {
    if (this.other.speaker.muted) return 'muted';
    if (this.other.producerId === null) return 'no microphone';
    return this.other.voice === null ? 'connecting' : 'can be heard';
  }
}

customElements.define('ut-other-voice', OtherVoice);

export type { OtherVoice };
