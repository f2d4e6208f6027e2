import { css } from 'lit';

/** What dialogs share. */
export const dialogStyles = css`
  dialog {
    width: min(34rem, calc(100vw - 2rem));
    padding: var(--ut-space-5) var(--ut-space-6);
    border: 1px solid var(--ut-rule);
    border-radius: var(--ut-radius-lg);
    background: var(--ut-surface-raised);
    color: var(--ut-ink);
    font-size: var(--ut-text-md);
    line-height: var(--ut-leading);
    box-shadow: 0 1.5rem 4rem var(--ut-shadow);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 45%);
  }
  h2 {
    margin: 0 0 var(--ut-space-3);
    font-size: var(--ut-text-xl);
    font-weight: var(--ut-weight-bold);
    letter-spacing: -0.02em;
    line-height: var(--ut-leading-tight);
  }
  p {
    margin: 0 0 var(--ut-space-3);
  }
  form {
    margin-top: var(--ut-space-5);
    text-align: end;
  }
`;
