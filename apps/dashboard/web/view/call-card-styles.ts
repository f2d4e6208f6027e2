import { css } from 'lit';
import { controlStyles } from './control-styles.ts';
import { markStyles } from './expression-mark.ts';

/** Sizes come from the wall, which knows how many cards it has to fit. */
export const callCardStyles = [
  controlStyles,
  markStyles,
  css`
    :host {
      display: block;
      /* What happens in one card is laid out again in this card alone. */
      contain: layout style;
      min-height: var(--card-height, 5.5rem);
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
    a:is([data-urgency="2"], [data-urgency="3"]) {
      border-color: var(--ut-ink);
      box-shadow: inset 0 0 0 1px var(--ut-ink);
    }
    a:focus-visible {
      outline-width: 3px;
      outline-offset: 1px;
    }
    a:hover {
      background: var(--ut-surface-hover);
    }
    a[data-urgency="0"]:hover,
    a[data-urgency="1"]:hover {
      border-color: var(--ut-rule-strong);
    }
    header {
      display: flex;
      align-items: center;
      gap: var(--ut-space-2);
      color: var(--ut-ink-soft);
      font-size: var(--ut-text-xs);
      line-height: 1.125rem;
      white-space: nowrap;
    }
    .id {
      flex: none;
      max-width: 50%;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .age {
      margin-inline-start: auto;
    }
    .urgency {
      display: inline-flex;
      min-width: 0;
      flex: none;
      align-items: center;
      gap: 0.3em;
      padding: 0 0.375rem;
      border-radius: var(--ut-radius-sm);
      box-shadow: inset 0 0 0 1px var(--ut-rule-strong);
      color: var(--ut-ink);
      font-weight: var(--ut-weight-bold);
    }
    a[data-urgency="2"] .urgency {
      background: var(--ut-inverse);
      box-shadow: none;
      color: var(--ut-on-inverse);
    }
    /* An alert is the loudest thing on the wall: the whole head of its card is reversed. */
    a[data-urgency="3"]::before {
      position: absolute;
      inset: 0 0 auto;
      height: calc(1.125rem + var(--card-head, 0.625rem));
      border-radius: calc(var(--ut-radius) - 1px) calc(var(--ut-radius) - 1px) 0 0;
      background: var(--ut-inverse);
      content: "";
    }
    a[data-urgency="3"] header {
      position: relative;
      color: var(--ut-on-inverse);
    }
    a[data-urgency="3"] .urgency {
      flex: 0 1 auto;
      padding: 0;
      box-shadow: none;
      color: var(--ut-on-inverse);
    }
    .short {
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .urgency svg {
      flex: none;
      width: 0.875em;
      height: 0.875em;
      fill: none;
      stroke: currentColor;
      stroke-width: 2.6;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    .row {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto;
      align-items: center;
      gap: 0 var(--card-mark-gap, 0.5rem);
    }
    .row > .mark {
      grid-row: span 2;
    }
    .line {
      grid-column: 2 / -1;
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
    /* What was heard before a pause: not now, so without its colour's ground. */
    .quiet .mark[data-kind="tentative"] {
      opacity: 0.6;
    }
    .who {
      display: flex;
      min-width: 0;
      color: var(--ut-ink-soft);
      font-size: var(--card-name, var(--ut-text-xs));
    }
    .speaking .name {
      color: var(--ut-ink);
      font-weight: var(--ut-weight-bold);
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
    .talk {
      display: inline-flex;
      align-items: center;
      justify-content: end;
      gap: 0.25em;
      min-width: 2.75rem;
      color: var(--ut-ink-soft);
      font-size: var(--ut-text-2xs);
    }
    .talk svg {
      width: 0.875em;
      height: 0.875em;
      fill: currentColor;
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
