import { css } from 'lit';

/** Buttons, fields and panels, the same in every element of the page. */
export const controlStyles = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  p {
    margin: 0;
  }
  h1 {
    font-size: var(--ut-text-xl);
    font-weight: var(--ut-weight-bold);
    line-height: var(--ut-leading-tight);
  }
  h2,
  legend {
    padding: 0;
    font-size: var(--ut-text-md);
    font-weight: var(--ut-weight-bold);
  }
  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .soft {
    color: var(--ut-ink-soft);
    font-size: var(--ut-text-sm);
  }
  .panel {
    display: grid;
    gap: var(--ut-space-4);
    padding: var(--ut-space-5);
    border: 1px solid var(--ut-rule);
    border-radius: var(--ut-radius-lg);
    background: var(--ut-surface);
  }
  label {
    display: grid;
    gap: var(--ut-space-1);
    font-size: var(--ut-text-sm);
    font-weight: var(--ut-weight-medium);
  }
  input:not([type='radio']),
  select,
  button {
    min-height: 2.75rem;
    font: inherit;
    font-size: var(--ut-text-md);
  }
  input:not([type='radio']),
  select {
    width: 100%;
    padding: 0 var(--ut-space-3);
    border: 1px solid var(--ut-rule-strong);
    border-radius: var(--ut-radius);
    background: var(--ut-surface);
    color: var(--ut-ink);
    font-weight: var(--ut-weight-regular);
  }
  button {
    padding: 0 var(--ut-space-4);
    border: 1px solid var(--ut-rule-strong);
    border-radius: var(--ut-radius);
    background: var(--ut-surface);
    color: var(--ut-ink);
    font-weight: var(--ut-weight-medium);
    cursor: pointer;
    transition: background-color var(--ut-quick);
  }
  button:hover {
    background: var(--ut-surface-sunken);
  }
  button.primary {
    border-color: var(--ut-inverse);
    background: var(--ut-inverse);
    color: var(--ut-on-inverse);
  }
  button.primary:hover {
    background: var(--ut-ink-soft);
  }
  button:disabled {
    border-color: var(--ut-rule-strong);
    background: var(--ut-surface-sunken);
    color: var(--ut-ink-faint);
    cursor: default;
  }
  :focus-visible {
    outline: 3px solid var(--ut-focus);
    outline-offset: 2px;
  }
`;
