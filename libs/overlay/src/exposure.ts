/** How long the notice must be in sight to count as shown. */
const shownAfterMs = 1_000;

/**
 * Watches an element until a person had the chance to read it: all of it inside the window, in a page that is in front,
 * not made invisible by a style, for a second.
 */
export class Exposure {
  readonly #target: Element;
  readonly #onShown: () => void;
  readonly #observer: IntersectionObserver;
  #inSight = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(target: Element, onShown: () => void) {
    this.#target = target;
    this.#onShown = onShown;
    this.#observer = new IntersectionObserver(
      (entries) => {
        this.#inSight = entries[entries.length - 1].intersectionRatio >= 0.95;
        this.#look();
      },
      { threshold: [0.95] },
    );
    this.#observer.observe(target);
    document.addEventListener('visibilitychange', this.#look);
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#observer.disconnect();
    document.removeEventListener('visibilitychange', this.#look);
  }

  #look = (): void => {
    clearTimeout(this.#timer);
    if (!this.#inSight || document.visibilityState !== 'visible') return;
    const before = this.#visible();
    this.#timer = setTimeout(() => {
      if (!before || !this.#visible()) return this.#look();
      this.close();
      this.#onShown();
    }, shownAfterMs);
  };

  #visible(): boolean {
    return this.#target.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  }
}
