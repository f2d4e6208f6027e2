import { css } from 'lit';

/** What both components share: the card, states and the notice. */
export const callStyles = css`
  :host {
    display: block;
    box-sizing: border-box;
    max-width: 100%;
    font-family: var(--ut-font);
    font-size: var(--ut-text-sm);
    line-height: 1.35;
    text-align: start;
    color: var(--ut-ink);
  }
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  .card {
    display: grid;
    gap: var(--ut-space-2);
    padding: var(--ut-space-2) var(--ut-space-3);
    border: 1px solid var(--ut-rule-strong);
    border-radius: var(--ut-radius);
    background: var(--ut-surface);
  }
  .status {
    margin: 0;
    color: var(--ut-ink-soft);
    font-size: var(--ut-text-xs);
  }
  .status:empty {
    display: none;
  }
  .voices {
    display: grid;
    gap: var(--ut-space-2);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .notice {
    display: grid;
    justify-items: start;
    gap: var(--ut-space-1);
    font-size: var(--ut-text-xs);
  }
  .voices + .notice {
    padding-top: var(--ut-space-2);
    border-top: 1px solid var(--ut-rule);
  }
  .notice p {
    margin: 0;
    color: var(--ut-ink-soft);
  }
  .notice .title {
    color: var(--ut-ink);
    font-weight: var(--ut-weight-bold);
  }
  button {
    appearance: none;
    min-height: 24px;
    padding: var(--ut-space-1) var(--ut-space-2);
    border: 1px solid var(--ut-rule-strong);
    border-radius: var(--ut-radius-sm);
    background: var(--ut-surface);
    color: var(--ut-ink);
    font: inherit;
    cursor: pointer;
    transition: background var(--ut-quick);
  }
  button:hover {
    background: var(--ut-surface-hover);
  }
  button:focus-visible {
    outline: 2px solid var(--ut-focus);
    outline-offset: 2px;
  }
  .notice button.title {
    padding-inline: 0;
    border: 0;
    color: var(--ut-ink-soft);
    font-weight: var(--ut-weight-regular);
    text-align: start;
    text-decoration: underline;
    text-decoration-color: var(--ut-ink-faint);
    text-underline-offset: 0.2em;
  }
`;
