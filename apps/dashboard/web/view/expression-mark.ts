import { glyphs } from '@undertone/overlay';
import { type EmotionPoint, type Expression, expressions, type Speaker } from '@undertone/wire';
import { css, html, svg, type TemplateResult } from 'lit';
import { messages } from '../language/locale.ts';

/** Below this, a judgement is shown as tentative: an outline, not a filled mark. */
const tentativeBelow = 0.3;

/** The expression that a point most likely carries; null where there is no judgement. */
function likeliest({ probabilities }: EmotionPoint): Expression | null {
  if (!probabilities) return null;
  return expressions[probabilities.indexOf(Math.max(...probabilities))];
}

/** What is to be said of a voice at one moment, in a mark, a word and a number. */
export interface VoiceReading {
  glyph: keyof typeof glyphs;
  expression: Expression | null;
  word: string;
  /** null where there is nothing to be confident about. */
  confidence: number | null;
  tentative: boolean;
}

export function readVoice(speaker: Speaker, point: EmotionPoint | null): VoiceReading {
  const nothing = { expression: null, confidence: null, tentative: true };
  const { voice, states, expressions: words } = messages();
  if (!speaker.decision.analysed) return { ...nothing, glyph: 'not-analysed', word: voice.notAnalysed };
  const listening: VoiceReading = { ...nothing, glyph: 'warming-up', word: voice.listening };
  if (!point) return listening;
  if (point.state !== 'speech') return { ...nothing, glyph: point.state, word: states[point.state] };
  const expression = likeliest(point);
  if (expression === null) return listening;
  return {
    glyph: expression,
    expression,
    word: words[expression],
    confidence: point.confidence,
    tentative: point.confidence < tentativeBelow,
  };
}

/** The mark of a reading: filled in the expression's colour when confident, outlined when tentative. */
export function voiceMark({ glyph, expression, tentative }: VoiceReading): TemplateResult {
  const kind = expression === null ? 'state' : tentative ? 'tentative' : 'confident';
  return html`<span class="mark" data-kind=${kind} data-expression=${expression ?? 'none'} aria-hidden="true">
    ${glyphPicture(glyph)}
  </span>`;
}

export const glyphPicture = (glyph: keyof typeof glyphs): TemplateResult => html`<svg viewBox="0 0 24 24">
  ${svg`<path d=${glyphs[glyph]} />`}
</svg>`;

export const markStyles = css`
  .mark {
    display: inline-grid;
    place-items: center;
    flex: none;
    width: var(--mark-size, 1.75rem);
    height: var(--mark-size, 1.75rem);
    border-radius: 28%;
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
  .mark[data-kind="state"] {
    color: var(--ut-ink-faint);
  }
  .mark[data-expression="neutral"] {
    --hue: var(--ut-expression-neutral);
    --on-hue: var(--ut-on-expression-neutral);
  }
  .mark[data-expression="calm"] {
    --hue: var(--ut-expression-calm);
    --on-hue: var(--ut-on-expression-calm);
  }
  .mark[data-expression="happy"] {
    --hue: var(--ut-expression-happy);
    --on-hue: var(--ut-on-expression-happy);
  }
  .mark[data-expression="sad"] {
    --hue: var(--ut-expression-sad);
    --on-hue: var(--ut-on-expression-sad);
  }
  .mark[data-expression="angry"] {
    --hue: var(--ut-expression-angry);
    --on-hue: var(--ut-on-expression-angry);
  }
  .mark[data-expression="fearful"] {
    --hue: var(--ut-expression-fearful);
    --on-hue: var(--ut-on-expression-fearful);
  }
  .mark[data-expression="disgust"] {
    --hue: var(--ut-expression-disgust);
    --on-hue: var(--ut-on-expression-disgust);
  }
  .mark[data-expression="surprised"] {
    --hue: var(--ut-expression-surprised);
    --on-hue: var(--ut-on-expression-surprised);
  }
  .mark[data-kind="confident"] {
    background: var(--hue);
    color: var(--on-hue);
  }
  .mark[data-kind="tentative"] {
    box-shadow: inset 0 0 0 2px var(--hue);
    color: var(--ut-ink);
  }
`;
