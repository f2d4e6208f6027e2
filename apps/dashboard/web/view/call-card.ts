import { type Alert, type Expression, ribbonCells, ribbonStepMs } from '@undertone/wire';
import { html, nothing } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { Urgency } from '../data/call-urgency.ts';
import type { RibbonTrack } from '../data/ribbon-track.ts';
import type { WallCall, WallSpeaker } from '../data/wall-feed.ts';
import { clockTime, duration, percent } from '../language/formats.ts';
import { messages } from '../language/locale.ts';
import '../timeline/wall-ribbon.ts';
import { callCardStyles } from './call-card-styles.ts';
import { unwatchVisibility, watchVisibility } from './card-visibility.ts';
import { readVoice, type VoiceReading, voiceMark } from './expression-mark.ts';
import { LocalizedElement } from './localized-element.ts';
import { signPicture } from './sign-picture.ts';

/** How long a pause is shown with what was heard before it. */
const recentSeconds = 30;
/** Rows that a card has room for; the rest are counted. */
const maxRows = 4;

/**
 * `<ut-call-card>`: one live call on the wall. A link to its page. Out of sight it is an empty card of the same height
 * that names the call and who is in it, and does nothing; so a wall of hundreds costs what is seen of it.
 */
export class CallCard extends LocalizedElement {
  static override properties = {
    call: { attribute: false },
    voices: { attribute: false },
    urgency: { attribute: false },
    alerts: { attribute: false },
    revision: { type: Number },
    nowMs: { type: Number },
    stale: { type: Boolean, reflect: true },
    tabStop: { type: Boolean },
  };
  declare call: WallCall;
  /** Those to show. */
  declare voices: WallSpeaker[];
  declare urgency: Urgency;
  /** That still ask for somebody, the gravest first. */
  declare alerts: Alert[];
  /** Grows when the call has changed. */
  declare revision: number;
  /** Capture time of now. */
  declare nowMs: number;
  declare stale: boolean;
  /** Whether Tab stops here: at one card of the wall, from which the arrow keys go on. */
  declare tabStop: boolean;

  #inSight = false;

  static override styles = callCardStyles;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'listitem');
    watchVisibility(this, (visible, heightPixels) => {
      if (visible === this.#inSight) return;
      this.#inSight = visible;
      this.style.minHeight = visible ? '0' : `${heightPixels}px`;
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    unwatchVisibility(this);
  }

  /** Out of sight only what makes it another card, or another stop of the keyboard, counts. */
  override shouldUpdate(changed: Map<PropertyKey, unknown>): boolean {
    return this.#inSight || changed.size === 0 || changed.has('tabStop') || !this.hasUpdated;
  }

  override render() {
    const { id, startedAtMs } = this.call;
    return html`
      <a
        href="/calls/${id}"
        tabindex=${this.tabStop ? 0 : -1}
        data-urgency=${this.alerts.length > 0 ? 3 : this.urgency.level}
        data-drawn=${this.#inSight}
      >
        <header>
          <span class="id"><span class="aloud">${messages().card.call} </span>${id}</span>
          ${this.#inSight ? this.#urgency() : nothing}
          <span class="age numbers">${duration(this.nowMs - startedAtMs)}</span>
        </header>
        ${this.#inSight ? this.#rows() : this.voices.map(({ speaker }) => html`<span class="aloud">${speaker.name}</span>`)}
      </a>
    `;
  }

  override focus(): void {
    this.renderRoot.querySelector('a')?.focus();
  }

  #urgency() {
    const { heard } = this.urgency;
    const { urgent, urgentLong, alert } = messages().card;
    const heardWord = heard === null ? '' : messages().expressionsInline[heard.expression];
    const long = heard === null ? [] : [urgentLong(heardWord, heard.seconds)];
    const [gravest, ...more] = this.alerts;
    if (!gravest && heard === null) return nothing;
    if (gravest) {
      const rules = this.alerts.map(({ ruleName }) => ruleName).join(messages().call.listSeparator);
      long.unshift(alert(rules, clockTime(gravest.firedAtMs)));
    }
    const short = gravest
      ? [gravest.ruleName, more.length > 0 ? `+${more.length}` : ''].join(' ')
      : urgent(heardWord, heard!.seconds);
    return html`<span class="urgency numbers" title=${long.join('. ')}>
      ${signPicture(gravest ? 'alert' : 'listen')}
      <span class="short" aria-hidden="true">${short}</span>
      <span class="aloud">${long.join('. ')}.</span>
    </span>`;
  }

  #rows() {
    const liveCell = Math.floor(this.nowMs / ribbonStepMs) - 1;
    const shown = this.voices.slice(0, maxRows);
    const analysed = this.call.speakers.filter(({ speaker }) => speaker.decision.analysed);
    const talkSeconds = analysed.reduce((sum, { ribbon }) => sum + ribbon.speechSeconds(liveCell), 0);
    return html`
      ${shown.map((each) =>
        each.speaker.decision.analysed
          ? this.#row(each, liveCell, analysed.length > 1 ? talkSeconds : null)
          : this.#unheard(each),
      )}
      ${
        this.voices.length > shown.length
          ? html`<span class="others">${messages().card.more(this.voices.length - shown.length)}</span>`
          : nothing
      }
    `;
  }

  #row({ speaker, latest, ribbon }: WallSpeaker, liveCell: number, talkSeconds: number | null) {
    const voice = readVoice(speaker, latest);
    const before = latest?.state === 'silence' ? this.#heardBefore(ribbon) : null;
    const speaking = latest !== null && latest.state !== 'silence';
    const mark: VoiceReading = before === null ? voice : { ...voice, glyph: before, expression: before };
    return html`
      <div
        class=${classMap({ row: true, quiet: voice.expression === null, speaking })}
        data-speaker-id=${speaker.id}
        data-state=${latest?.state ?? 'waiting'}
        data-expression=${voice.expression ?? 'none'}
      >
        ${voiceMark(mark)}
        <div class="line">
          <span class="voice numbers">
            ${voice.word}
            ${voice.confidence === null ? nothing : html`<small>${percent(voice.confidence)}</small>`}
            ${before === null ? nothing : html`<small>${messages().card.before(messages().expressionsInline[before])}</small>`}
          </span>
          ${who(speaker)}
        </div>
        <ut-wall-ribbon .track=${ribbon} .looks=${ribbon.looks} .nowMs=${this.nowMs}></ut-wall-ribbon>
        ${talk(ribbon.speechSeconds(liveCell), talkSeconds)}
        <span class="aloud">${inWords(ribbon)}</span>
      </div>
    `;
  }

  #unheard({ speaker, latest }: WallSpeaker) {
    const { reason } = speaker.decision;
    const voice = readVoice(speaker, latest);
    return html`<div class="unheard" data-speaker-id=${speaker.id} data-state="not-analysed" title=${reason}>
      ${voiceMark(voice)}${who(speaker)}<span class="reason">${voice.word}</span>
      <span class="aloud" lang="en">${reason}</span>
    </div>`;
  }

  /** What a silent voice sounded like before it paused: a pause must not hide an angry caller. */
  #heardBefore(ribbon: RibbonTrack): Expression | null {
    const heard = ribbon.heardMost(recentSeconds, Math.floor(this.nowMs / ribbonStepMs));
    return heard === 'neutral' || heard === 'calm' ? null : heard;
  }
}

const who = ({ name, role }: WallSpeaker['speaker']) => html`<span class="who">
  <span class="name">${name}</span><span class="role"> · ${messages().roles[role]}</span>
</span>`;

/** Part of all talk that is this voice's; where no other voice is analysed, part of the time. */
function talk(seconds: number, talkSeconds: number | null) {
  if (talkSeconds === 0) return nothing;
  const share = percent(seconds / (talkSeconds ?? ribbonCells));
  const words = talkSeconds === null ? messages().card.talkTime(share) : messages().card.talkShare(share);
  return html`<span class="talk numbers" title=${words}>
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9l-5 5v-5H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z" />
    </svg>
    <span aria-hidden="true">${share}</span><span class="aloud">${words}</span>
  </span>`;
}

/** The ribbon for those who don't see it. */
function inWords(ribbon: RibbonTrack): string {
  const { expressionsInline, card } = messages();
  const heard = ribbon.mostly();
  if (heard === null) return card.nothingSaid;
  return card.mostly(
    expressionsInline[heard.first],
    heard.second === null ? null : expressionsInline[heard.second],
  );
}
customElements.define('ut-call-card', CallCard);
