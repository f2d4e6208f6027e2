import type { Alert } from '@undertone/wire';
import { css, html } from 'lit';
import { messages } from '../language/locale.ts';
import type { ConversationLane } from '../timeline/conversation-lane.ts';
import '../timeline/conversation-lane.ts';
import type { ConversationMark } from '../timeline/conversation-marks.ts';
import { controlStyles } from './control-styles.ts';
import { LocalizedElement } from './localized-element.ts';
import type { TimelineView } from './speaker-row.ts';

/** `<ut-conversation-row>`: what the voices do together, above the speakers on their time axis. */
export class ConversationRow extends LocalizedElement {
  static override properties = {
    marks: { attribute: false },
    alerts: { attribute: false },
    view: { attribute: false },
  };
  declare marks: ConversationMark[];
  /** About the call as a whole. */
  declare alerts: Alert[];
  declare view: TimelineView;

  static override styles = [
    controlStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: var(--ut-reading-width) minmax(0, 1fr);
        gap: var(--ut-space-5);
        align-items: center;
        border-top: 1px solid var(--ut-rule);
      }
      .lane-name {
        color: var(--ut-ink-soft);
        font-size: var(--ut-text-xs);
      }
      ut-conversation-lane {
        height: 2rem;
      }
      @media (max-width: 52rem) {
        :host {
          grid-template-columns: minmax(0, 1fr);
          gap: 0;
          padding-top: var(--ut-space-1);
        }
      }
    `,
  ];

  override render() {
    const says = messages().marks;
    const talkOvers = this.marks.filter(({ kind }) => kind === 'talk-over').length;
    return html`
      <div class="lane-name">${says.lane}</div>
      <div role="img" aria-label=${says.inWords(talkOvers, this.marks.length - talkOvers)}>
        <ut-conversation-lane></ut-conversation-lane>
      </div>
    `;
  }

  override updated(): void {
    const { range, ticksMs } = this.view;
    this.renderRoot
      .querySelector<ConversationLane>('ut-conversation-lane')
      ?.draw(this.marks, range, ticksMs, this.alerts);
  }
}
customElements.define('ut-conversation-row', ConversationRow);
