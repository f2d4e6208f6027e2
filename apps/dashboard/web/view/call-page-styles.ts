import { css } from 'lit';
import { controlStyles } from './control-styles.ts';

export const callPageStyles = [
  controlStyles,
  css`
    :host {
      display: flex;
      flex-direction: column;
      min-height: 100vh;
      --ut-reading-width: 15rem;
    }
    nav {
      font-size: var(--ut-text-sm);
    }
    h1 {
      margin: 0;
      overflow: hidden;
      font-size: var(--ut-text-lg);
      font-weight: var(--ut-weight-bold);
      letter-spacing: -0.01em;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .age {
      color: var(--ut-ink-soft);
      font-size: var(--ut-text-sm);
      white-space: nowrap;
    }
    main {
      flex: 1;
      margin: 0 var(--ut-page-margin);
    }
    .toolbar {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--ut-space-2);
      margin-bottom: var(--ut-space-3);
    }
    .toolbar button {
      min-height: 1.875rem;
    }
    .divider {
      width: var(--ut-space-2);
    }
    .older {
      color: var(--ut-ink-soft);
      font-size: var(--ut-text-sm);
    }
    .aloud {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
    .following {
      margin-inline-start: auto;
      color: var(--ut-ink-soft);
      font-size: var(--ut-text-sm);
    }
    .jump {
      margin-inline-start: auto;
      background: var(--ut-inverse);
      border-color: var(--ut-inverse);
      color: var(--ut-on-inverse);
    }
    .jump:hover {
      background: var(--ut-ink-soft);
      color: var(--ut-surface);
    }
    .timeline {
      position: relative;
      padding: 0 var(--ut-space-5);
      border: 1px solid var(--ut-rule);
      border-radius: var(--ut-radius-lg);
      background: var(--ut-surface);
      user-select: none;
    }
    .timeline[data-density="roomy"] {
      --ut-lane-height: clamp(5.5rem, 13vh, 11rem);
      --ut-affect-height: clamp(5rem, 11vh, 10rem);
    }
    .axis {
      position: sticky;
      top: 0;
      z-index: 2;
      padding-inline-start: calc(var(--ut-reading-width) + var(--ut-space-5));
      background: var(--ut-surface);
      border-radius: var(--ut-radius-lg);
    }
    .zone {
      position: absolute;
      left: 0;
      color: var(--ut-ink-faint);
      font-size: var(--ut-text-xs);
      line-height: 1.75rem;
    }
    ut-time-ruler {
      height: 2rem;
    }
    .crosshair {
      position: absolute;
      z-index: 3;
      top: 2rem;
      bottom: 0;
      left: calc(var(--ut-space-5) * 2 + var(--ut-reading-width));
      width: 1px;
      background: var(--ut-ink);
      pointer-events: none;
    }
    ut-legend {
      margin-top: var(--ut-space-3);
      border-top: 0;
    }
    .empty {
      margin: 14vh auto 0;
      max-width: 36rem;
      padding: 0 var(--ut-page-margin);
      color: var(--ut-ink-soft);
      font-size: var(--ut-text-lg);
    }
    .empty h2 {
      margin: 0 0 var(--ut-space-2);
      color: var(--ut-ink);
      font-size: var(--ut-text-2xl);
      font-weight: var(--ut-weight-bold);
      letter-spacing: -0.025em;
      line-height: var(--ut-leading-tight);
    }
    @media (max-width: 52rem) {
      :host {
        --ut-reading-width: 0px;
      }
      .timeline {
        padding: 0 var(--ut-space-4);
      }
      .axis {
        padding: 0;
      }
      .zone {
        display: none;
      }
      .crosshair {
        left: var(--ut-space-4);
      }
    }
  `,
];
