import { css, html, nothing, type TemplateResult } from 'lit';
import { CallElement } from './call-element.ts';
import type { SpeakerTrack } from './call-feed.ts';
import type { Messages } from './messages.ts';
import { renderBand, spanOf } from './render-band.ts';

/** `<undertone-timeline>`: how a voice sounded over the last while; without `speaker` everybody in the call. */
export class UndertoneTimeline extends CallElement {
  static override properties = { seconds: { type: Number } };
  /** How long the while is. */
  declare seconds: number | null;

  static override styles = [
    ...CallElement.styles,
    css`
      .name {
        font-weight: var(--ut-weight-medium);
        overflow-wrap: anywhere;
      }
      .detail {
        color: var(--ut-ink-soft);
        font-size: var(--ut-text-xs);
      }
    `,
  ];

  protected override renderVoice(track: SpeakerTrack, words: Messages): TemplateResult {
    const { speaker } = track;
    return html`<li data-speaker-id=${speaker.id}>
      ${this.speaker ? nothing : html`<div class="name">${speaker.name}</div>`}
      ${
        speaker.decision.analysed
          ? renderBand(track, this.nowMs, spanOf(this.seconds), words)
          : html`<div class="detail">${words.states['not-analysed']}. ${speaker.decision.reason}</div>`
      }
    </li>`;
  }
}
