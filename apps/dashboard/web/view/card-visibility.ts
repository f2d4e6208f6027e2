/** How far outside the window an element counts as visible, so that it is ready when it is scrolled to. */
const margin = '50%';

type Listener = (visible: boolean, heightPixels: number) => void;

const listeners = new WeakMap<Element, Listener>();
let observer: IntersectionObserver | null = null;

/** Tells `listener` now and whenever `element` comes into sight or leaves it. One observer for all: a wall has hundreds of cards. */
export function watchVisibility(element: Element, listener: Listener): void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, boundingClientRect } of entries)
        listeners.get(target)?.(isIntersecting, boundingClientRect.height);
    },
    { rootMargin: `${margin} 0px` },
  );
  listeners.set(element, listener);
  observer.observe(element);
}

export function unwatchVisibility(element: Element): void {
  observer?.unobserve(element);
  listeners.delete(element);
}
