import type { Estimate } from '../evaluation/bootstrap.ts';

/** "0.712 (0.655–0.764)": the value and its 95 % interval. */
export const formatEstimate = ({ value, low, high }: Estimate): string =>
  `${formatShare(value)} (${formatShare(low)}–${formatShare(high)})`;

/** Three digits; a dash for what there is none of. */
export const formatShare = (value: number | null): string =>
  value === null || Number.isNaN(value) ? '–' : value.toFixed(3);
