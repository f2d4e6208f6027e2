import { type Expression, ribbonStepMs } from '@undertone/wire';
import { css, html, LitElement, nothing } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { RibbonTrack } from '../data/ribbon-track.ts';
import type { WallCall, WallSpeaker } from '../data/wall-feed.ts';
import '../timeline/wall-ribbon.ts';
import { duration, expressionWords, percent, roleWords } from '../words.ts';
import { controlStyles } from './control-styles.ts';
import { markStyles, readVoice, voiceMark } from './expression-mark.ts';

/** How long a pause is shown with what was heard before it. */
const recentSeconds = 30;
/** Rows that a card has room for; the rest are counted. */
const maxRows = 4;

/** `<ut-call-card>`: one live call on the wall. A link to its page. */
export class CallCard extends LitElement {
  static override properties = {
    call: { attribute: false },
    revision: { type: Number },
    nowMs: { type: Number },
    stale: { type: Boolean, reflect: true },
  };
  declare call: WallCall;
  /** Grows when the call has changed. */
  declare revision: number;
  /** Capture time of now. */
  declare nowMs: number;
  declare stale: boolean;

  static override styles = [
    controlStyles,
    markStyles,
    css`
      :host {
        display: block;
        /* Cards out of sight cost nothing. */
        --mark-size: var(--card-mark, 1.625rem);
      }
      a {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        grid-auto-rows: min-content;
        gap: var(--card-gap, 0.3125rem);
        position: relative;
        height: 100%;
        padding: var(--card-padding, 0.4375rem 0.625rem 0.5rem);
        border: 1px solid var(--ut-rule);
        border-radius: var(--ut-radius);
        background: var(--ut-surface);
        text-decoration: none;
        transition: border-color var(--ut-quick);
      }
      a:focus-visible {
        outline-offset: -2px;
      }
      a:hover {
        border-color: var(--ut-rule-strong);
        background: var(--ut-surface-hover);
      }
      header {
        display: flex;
        justify-content: space-between;
        gap: var(--ut-space-2);
        color: var(--ut-ink-soft);
        font-size: var(--ut-text-xs);
        line-height: 1rem;
      }
      .id {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .row {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: center;
        gap: 0 var(--card-mark-gap, 0.5rem);
      }
      .row > .mark {
        grid-row: span 2;
      }
      .line {
        display: flex;
        align-items: baseline;
        justify-content: space-between;
        gap: var(--ut-space-2);
        line-height: 1.2;
        white-space: nowrap;
      }
      .voice {
        flex: none;
        font-size: var(--card-word, var(--ut-text-sm));
        font-weight: var(--ut-weight-bold);
      }
      .voice small {
        color: var(--ut-ink-soft);
        font-size: max(0.8em, var(--ut-text-2xs));
        font-weight: var(--ut-weight-medium);
      }
      .quiet .voice {
        color: var(--ut-ink-soft);
        font-weight: var(--ut-weight-regular);
      }
      .who {
        display: flex;
        min-width: 0;
        color: var(--ut-ink-soft);
        font-size: var(--card-name, var(--ut-text-xs));
      }
      .name,
      .reason {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .role {
        flex: none;
        white-space: pre;
      }
      ut-wall-ribbon {
        height: var(--card-ribbon, 1rem);
        margin-top: 0.125rem;
      }
      .unheard {
        display: flex;
        align-items: center;
        gap: 0.4em;
        padding-inline-start: calc((var(--mark-size) - 1rem) / 2);
        color: var(--ut-ink-faint);
        font-size: var(--card-name, var(--ut-text-xs));
        line-height: 1rem;
        white-space: nowrap;
        --mark-size: 1rem;
      }
      .unheard .who {
        flex: none;
        max-width: 60%;
        color: inherit;
      }
      .aloud {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
        white-space: nowrap;
      }
      .others {
        color: var(--ut-ink-faint);
        font-size: var(--ut-text-2xs);
      }
      :host([stale]) :is(.mark, ut-wall-ribbon) {
        filter: grayscale(0.85);
        opacity: 0.55;
      }
      :host([stale]) .voice {
        color: var(--ut-ink-soft);
        font-weight: var(--ut-weight-regular);
      }
    `,
  ];

  override render() {
    const { id, startedAtMs, speakers } = this.call;
    const shown = speakers.slice(0, maxRows);
    return html`
      <a href="/calls/${id}">
        <header>
          <span class="id"><span class="aloud">Call </span>${id}</span>
          <span class="numbers">${duration(this.nowMs - startedAtMs)}</span>
        </header>
        ${shown.map((each) => this.#row(each))}
        ${
          speakers.length > shown.length
            ? html`<span class="others">and ${speakers.length - shown.length} more</span>`
            : nothing
        }
      </a>
    `;
  }

  override focus(): void {
    this.renderRoot.querySelector('a')?.focus();
  }

  #row({ speaker, latest, ribbon }: WallSpeaker) {
    const who = html`<span class="who">
      <span class="name">${speaker.name}</span><span class="role"> · ${roleWords[speaker.role]}</span>
    </span>`;
    const voice = readVoice(speaker, latest);
    if (!speaker.decision.analysed) {
      return html`<div
        class="unheard"
        data-speaker-id=${speaker.id}
        data-state="not-analysed"
        title=${speaker.decision.reason}
      >
        ${voiceMark(voice)}${who}<span class="reason">${speaker.decision.reason}</span>
      </div>`;
    }
    const before = latest?.state === 'silence' ? this.#heardBefore(ribbon) : null;
    return html`
      <div
        class=${classMap({ row: true, quiet: voice.expression === null })}
        data-speaker-id=${speaker.id}
        data-state=${latest?.state ?? 'waiting'}
        data-expression=${voice.expression ?? 'none'}
      >
        ${voiceMark(voice)}
        <div class="line">
          <span class="voice numbers">
            ${voice.word}
            ${voice.confidence === null ? nothing : html`<small>${percent(voice.confidence)}</small>`}
            ${before === null ? nothing : html`<small>after ${expressionWords[before].toLowerCase()}</small>`}
          </span>
          ${who}
        </div>
        <ut-wall-ribbon .track=${ribbon} .looks=${ribbon.looks} .nowMs=${this.nowMs}></ut-wall-ribbon>
        <span class="aloud">${ribbon.inWords()}</span>
      </div>
    `;
  }

  /** What a silent voice sounded like before it paused: a pause must not hide an angry caller. */
  #heardBefore(ribbon: RibbonTrack): Expression | null {
    const heard = ribbon.heardMost(recentSeconds, Math.floor(this.nowMs / ribbonStepMs));
    return heard === 'neutral' || heard === 'calm' ? null : heard;
  }
}
customElements.define('ut-call-card', CallCard);
