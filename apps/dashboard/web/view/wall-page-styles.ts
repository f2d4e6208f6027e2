import { css } from 'lit';
import { controlStyles } from './control-styles.ts';

/** Cards are as large as the number of calls allows, so that few fill the wall and many fit on it. */
const densities = [
  { upTo: 4, density: 'roomy' },
  { upTo: 12, density: 'broad' },
  { upTo: 24, density: 'easy' },
  { upTo: Number.POSITIVE_INFINITY, density: 'dense' },
];

export const densityOf = (calls: number): string => densities.find(({ upTo }) => calls <= upTo)!.density;

export const wallPageStyles = [
  controlStyles,
  css`
    :host {
      display: flex;
      flex-direction: column;
      min-height: 100vh;
    }
    main {
      flex: 1;
    }
    .group {
      margin: 0 var(--ut-page-margin) var(--ut-space-4);
    }
    h2 {
      display: flex;
      align-items: baseline;
      gap: var(--ut-space-2);
      margin: 0 0 var(--ut-space-2);
      font-size: var(--ut-text-md);
      font-weight: var(--ut-weight-bold);
      line-height: 1.3;
    }
    h2 .count {
      color: var(--ut-ink-soft);
      font-weight: var(--ut-weight-medium);
    }
    /* Over the wall, so that nothing moves for it. */
    .held {
      position: fixed;
      right: var(--ut-page-margin);
      bottom: var(--ut-space-3);
      z-index: 1;
      padding: var(--ut-space-1) var(--ut-space-3);
      border-radius: var(--ut-radius);
      background: var(--ut-inverse);
      color: var(--ut-on-inverse);
      font-size: var(--ut-text-xs);
      pointer-events: none;
    }
    .cards {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, var(--card-width, 17rem)), 1fr));
      gap: var(--ut-space-2);
    }
    [data-density="roomy"] .cards {
      --card-width: 27rem;
      --card-height: 13rem;
      --card-mark: 3.25rem;
      --card-mark-gap: 1rem;
      --card-ribbon: 2.75rem;
      --card-word: var(--ut-text-lg);
      --card-name: var(--ut-text-sm);
      --card-padding: 0.875rem 1.125rem 1rem;
      --card-head: 1.1875rem;
      --card-gap: 0.875rem;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, var(--card-width)), 1fr));
      gap: var(--ut-space-4);
    }
    [data-density="broad"] .cards {
      --card-width: 25rem;
      --card-height: 10rem;
      --card-mark: 2.875rem;
      --card-mark-gap: 0.875rem;
      --card-ribbon: 2.25rem;
      --card-word: 1.0625rem;
      --card-name: var(--ut-text-sm);
      --card-padding: 0.75rem 1rem 0.875rem;
      --card-head: 1rem;
      --card-gap: 0.625rem;
      gap: var(--ut-space-3);
    }
    [data-density="easy"] .cards {
      --card-width: 20rem;
      --card-height: 7.5rem;
      --card-mark: 2.375rem;
      --card-mark-gap: 0.75rem;
      --card-ribbon: 1.625rem;
      --card-word: var(--ut-text-md);
      --card-padding: 0.625rem 0.75rem 0.75rem;
      --card-head: 0.8125rem;
      --card-gap: 0.5rem;
      gap: var(--ut-space-3);
    }
    .empty {
      max-width: 36rem;
      margin: 14vh auto 0;
      padding: 0 var(--ut-page-margin);
    }
    .empty svg {
      width: 14rem;
      height: 4.5rem;
      fill: none;
      stroke: var(--ut-rule-strong);
      stroke-width: 2.5;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    .empty h1 {
      margin: var(--ut-space-4) 0 var(--ut-space-2);
      font-size: var(--ut-text-2xl);
      font-weight: var(--ut-weight-bold);
      letter-spacing: -0.025em;
      line-height: var(--ut-leading-tight);
      text-wrap: balance;
    }
    .empty p {
      margin: 0 0 var(--ut-space-4);
      color: var(--ut-ink-soft);
      font-size: var(--ut-text-lg);
    }
    .action {
      display: inline-block;
      padding: var(--ut-space-2) var(--ut-space-4);
      border-radius: var(--ut-radius);
      background: var(--ut-inverse);
      color: var(--ut-on-inverse);
      font-weight: var(--ut-weight-bold);
      text-decoration: none;
    }
    .aloud {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
  `,
];
