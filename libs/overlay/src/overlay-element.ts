import { expressions } from '@undertone/wire';
import { css, html, nothing, svg, type TemplateResult, unsafeCSS } from 'lit';
import { CallElement } from './call-element.ts';
import type { SpeakerTrack } from './call-feed.ts';
import { glyphs } from './glyphs.ts';
import type { Messages } from './messages.ts';
import { renderBand, spanOf } from './render-band.ts';
import { readVoice, type VoiceReading } from './voice-reading.ts';

const hues = expressions
  .map(
    (each) =>
      `.mark[data-expression="${each}"]{--hue:var(--ut-expression-${each});--on-hue:var(--ut-on-expression-${each})}`,
  )
  .join('');

/** `<undertone-overlay>`: how a voice sounds now, beside the tile of its speaker; without `speaker` everybody in the call. */
export class UndertoneOverlay extends CallElement {
  static override properties = { timeline: { type: Boolean }, seconds: { type: Number } };
  /** Whether the last while is shown, too. */
  declare timeline: boolean;
  /** How long that is. */
  declare seconds: number | null;

  static override styles = [
    ...CallElement.styles,
    css`
      .voice {
        display: grid;
        grid-template-columns: auto 1fr;
        align-items: center;
        gap: var(--ut-space-1) var(--ut-space-2);
      }
      .band {
        grid-column: 1 / -1;
      }
      .name,
      .detail {
        color: var(--ut-ink-soft);
        font-size: var(--ut-text-xs);
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }
      .word {
        font-size: var(--ut-text-md);
        font-weight: var(--ut-weight-bold);
        line-height: 1.2;
      }
      .quiet .word {
        color: var(--ut-ink-soft);
        font-weight: var(--ut-weight-regular);
      }
      .mark {
        display: grid;
        place-items: center;
        width: calc(1.15 * var(--ut-text-xl));
        aspect-ratio: 1;
        border-radius: 28%;
        color: var(--ut-ink-faint);
      }
      .mark[data-kind="confident"] {
        background: var(--hue);
        color: var(--on-hue);
      }
      .mark[data-kind="tentative"] {
        box-shadow: inset 0 0 0 2px var(--hue);
        color: var(--ut-ink);
      }
      .mark svg {
        width: 78%;
        height: 78%;
        fill: none;
        stroke: currentColor;
        stroke-width: 2.4;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
    `,
    unsafeCSS(hues),
  ];

  protected override renderVoice(track: SpeakerTrack, words: Messages): TemplateResult {
    const { speaker } = track;
    const reading = readVoice(track, this.nowMs);
    const { word, detail } = inWords(reading, track, words);
    return html`<li
      class=${reading.expression === null || reading.tentative ? 'voice quiet' : 'voice'}
      data-speaker-id=${speaker.id}
      data-state=${reading.state}
      aria-label=${words.perceivedOf(speaker.name)}
    >
      ${mark(reading)}
      <div>
        ${this.speaker ? nothing : html`<div class="name">${speaker.name}</div>`}
        <div class="word">${word}</div>
        ${detail === '' ? nothing : html`<div class="detail">${detail}</div>`}
      </div>
      ${
        this.timeline && speaker.decision.analysed
          ? html`<div class="band">${renderBand(track, this.nowMs, spanOf(this.seconds), words)}</div>`
          : nothing
      }
    </li>`;
  }
}

function inWords(
  { state, expression, confidence, tentative }: VoiceReading,
  { speaker }: SpeakerTrack,
  words: Messages,
): { word: string; detail: string } {
  if (state !== 'speech' || expression === null)
    return {
      word: words.states[state as 'silence'],
      detail: state === 'not-analysed' ? speaker.decision.reason : '',
    };
  const percent = `${Math.round(100 * confidence!)}%`;
  if (tentative) return { word: words.unclear, detail: words.perhaps(expression, percent) };
  return { word: words.soundsLike(expression), detail: words.confidence(percent) };
}

const stateGlyphs = {
  'not-analysed': 'not-analysed',
  left: 'not-analysed',
  muted: 'silence',
  'no-data': 'silence',
  listening: 'warming-up',
  silence: 'silence',
  concealed: 'concealed',
} as const;

/** Filled in the expression's colour when confident, outlined when tentative; shape is the second cue. */
function mark({ state, expression, tentative }: VoiceReading): TemplateResult {
  const kind = expression === null ? 'state' : tentative ? 'tentative' : 'confident';
  const path = glyphs[expression ?? stateGlyphs[state as keyof typeof stateGlyphs]];
  return html`<span class="mark" data-kind=${kind} data-expression=${expression ?? 'none'} aria-hidden="true">
    <svg viewBox="0 0 24 24">${svg`<path d=${path} />`}</svg>
  </span>`;
}
