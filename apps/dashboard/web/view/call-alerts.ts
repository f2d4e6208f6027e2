import type { Alert } from '@undertone/wire';
import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { alertActions } from '../data/alert-actions.ts';
import { isOpen } from '../data/alert-feed.ts';
import { clockTime } from '../language/formats.ts';
import { messages } from '../language/locale.ts';
import { controlStyles } from './control-styles.ts';
import { LocalizedElement } from './localized-element.ts';
import { signPicture } from './sign-picture.ts';

const minuteMs = 60_000;
const snoozeMinutes = 10;

/** `<ut-call-alerts>`: the alerts of a call, and what somebody does about them. Says `ut-show-alert` to look at one. */
export class CallAlerts extends LocalizedElement {
  static override properties = {
    alerts: { attribute: false },
    names: { attribute: false },
    nowMs: { type: Number },
    trouble: { state: true },
  };
  declare alerts: Alert[];
  /** Of the speakers, by identifier. */
  declare names: ReadonlyMap<string, string>;
  declare nowMs: number;
  /** Why the last thing done was not kept; empty if it was. */
  declare trouble: string;

  constructor() {
    super();
    this.trouble = '';
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        margin-bottom: var(--ut-space-3);
        font-size: var(--ut-text-sm);
      }
      h2 {
        margin: 0 0 var(--ut-space-2);
        font-size: var(--ut-text-md);
        font-weight: var(--ut-weight-bold);
      }
      ul {
        display: grid;
        gap: var(--ut-space-1);
        margin: 0;
        padding: 0;
        list-style: none;
        /* A call with many alerts still shows its timeline. */
        max-height: 9.5rem;
        overflow-y: auto;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--ut-space-1) var(--ut-space-3);
        padding: var(--ut-space-1) var(--ut-space-3);
        border: 1px solid var(--ut-rule);
        border-radius: var(--ut-radius);
        background: var(--ut-surface);
        color: var(--ut-ink-soft);
      }
      li.open {
        border-color: var(--ut-ink);
        box-shadow: inset 4px 0 0 var(--ut-ink);
        color: var(--ut-ink);
      }
      li > svg {
        flex: none;
        width: 1.125rem;
        height: 1.125rem;
        fill: none;
        stroke: currentColor;
        stroke-width: 2;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
      strong {
        font-weight: var(--ut-weight-bold);
      }
      .acts {
        display: flex;
        flex-wrap: wrap;
        gap: var(--ut-space-1);
        margin-inline-start: auto;
      }
      form {
        display: flex;
        gap: var(--ut-space-1);
      }
      form input {
        width: 9rem;
      }
      .notes {
        flex-basis: 100%;
        margin: 0;
        color: var(--ut-ink-soft);
      }
      .trouble {
        margin: var(--ut-space-2) 0 0;
        font-weight: var(--ut-weight-bold);
      }
    `,
  ];

  override render() {
    return html`
      <section aria-labelledby="alerts-heading">
        <h2 id="alerts-heading">${messages().alerts.heading}</h2>
        <ul>
          ${repeat(
            this.alerts,
            ({ alertId }) => alertId,
            (alert) => this.#alert(alert),
          )}
        </ul>
        <p class="trouble" role="alert" ?hidden=${this.trouble === ''}>${this.trouble}</p>
      </section>
    `;
  }

  #alert(alert: Alert) {
    const says = messages().alerts;
    const { alertId, ruleName, severity, speakerId, fromMs, untilMs, notes } = alert;
    const who = speakerId === null ? says.wholeCall : (this.names.get(speakerId) ?? speakerId);
    const facts = [
      says.severities[severity],
      who,
      says.lasted(clockTime(fromMs), untilMs === null ? null : clockTime(untilMs)),
    ];
    const open = isOpen(alert, this.nowMs);
    return html`<li class=${open ? 'open' : ''} data-alert-id=${alertId}>
      ${signPicture('alert')}
      <strong>${ruleName}</strong>
      <span class="numbers">${facts.join(' · ')}</span>
      ${this.#state(alert)}
      <span class="acts">
        <button @click=${() => this.#show(alert)}>${says.show}</button>
        ${
          alert.acknowledgedAtMs === null
            ? html`<button @click=${() => this.#act(alertActions.acknowledge(alertId))}>${says.acknowledge}</button>`
            : nothing
        }
        ${
          open
            ? html`<button @click=${() => this.#act(alertActions.snooze(alertId, snoozeMinutes * minuteMs))}>
              ${says.snooze(snoozeMinutes)}
            </button>`
            : nothing
        }
        <form @submit=${(event: SubmitEvent) => this.#note(event, alertId)}>
          <input name="text" aria-label=${says.note} placeholder=${says.note} maxlength="1000" autocomplete="off" required />
          <button>${says.addNote}</button>
        </form>
      </span>
      ${notes.map((note) => html`<p class="notes numbers">${clockTime(note.atMs)} ${note.text}</p>`)}
    </li>`;
  }

  #state({ acknowledgedAtMs, snoozedUntilMs }: Alert) {
    const says = messages().alerts;
    if (acknowledgedAtMs !== null)
      return html`<span class="numbers">${says.acknowledged(clockTime(acknowledgedAtMs))}</span>`;
    if (snoozedUntilMs !== null && snoozedUntilMs > this.nowMs)
      return html`<span class="numbers">${says.snoozed(clockTime(snoozedUntilMs))}</span>`;
    return nothing;
  }

  #show(alert: Alert): void {
    this.dispatchEvent(new CustomEvent<Alert>('ut-show-alert', { detail: alert }));
  }

  async #note(event: SubmitEvent, alertId: string): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const text = String(new FormData(form).get('text')).trim();
    if (text === '') return;
    if (await this.#act(alertActions.note(alertId, text))) form.reset();
  }

  /** Answers whether it was kept. The socket brings the alert as it is then. */
  async #act(doing: Promise<void>): Promise<boolean> {
    try {
      await doing;
      this.trouble = '';
      return true;
    } catch (error) {
      this.trouble = messages().alerts.failed((error as Error).message);
      return false;
    }
  }
}
customElements.define('ut-call-alerts', CallAlerts);
