import { css } from 'lit';

/** What every element with text and controls shares. */
export const controlStyles = css`
  :host {
    box-sizing: border-box;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  a {
    color: inherit;
    text-decoration-color: var(--ut-ink-faint);
    text-underline-offset: 0.2em;
  }
  a:hover {
    text-decoration-color: currentColor;
  }
  button {
    appearance: none;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--ut-space-2);
    min-height: 2rem;
    padding: 0 var(--ut-space-3);
    border: 1px solid var(--ut-rule);
    border-radius: var(--ut-radius);
    background: var(--ut-surface);
    color: var(--ut-ink);
    font: inherit;
    font-size: var(--ut-text-sm);
    font-weight: var(--ut-weight-medium);
    cursor: pointer;
    transition: background var(--ut-quick);
  }
  button:hover {
    background: var(--ut-surface-hover);
    border-color: var(--ut-rule-strong);
  }
  input,
  select {
    min-height: 2rem;
    padding: 0 var(--ut-space-2);
    border: 1px solid var(--ut-rule-strong);
    border-radius: var(--ut-radius);
    background: var(--ut-surface);
    color: var(--ut-ink);
    font: inherit;
    font-size: var(--ut-text-sm);
  }
  input::placeholder {
    color: var(--ut-ink-faint);
    opacity: 1;
  }
  button[aria-pressed="true"] {
    background: var(--ut-inverse);
    border-color: var(--ut-inverse);
    color: var(--ut-on-inverse);
  }
  button svg {
    width: 1.125rem;
    height: 1.125rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .icon-button {
    width: 2rem;
    padding: 0;
  }
  :focus-visible {
    outline: 2px solid var(--ut-focus);
    outline-offset: 2px;
  }
  .numbers {
    font-variant-numeric: tabular-nums;
  }
`;
