/** Wall clock, milliseconds since the Unix epoch. Injected, so that tests decide what time it is. */
export type Clock = () => number;

/** Injection token of the clock. */
export const CLOCK = Symbol('clock');
