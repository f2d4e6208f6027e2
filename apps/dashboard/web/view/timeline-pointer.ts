import type { TimeRange, TimeWindow } from '../timeline/time-window.ts';

const dragFromPixels = 4;
const wheelZoomPerPixel = 1.002;

/** The pointer over the lanes: reads time under it, drags the window, zooms with Ctrl + wheel, pans with a sideways wheel. */
export class TimelinePointer {
  readonly #window: TimeWindow;
  readonly #liveMs: () => number;
  readonly #firstMs: () => number;
  readonly #lanes: () => DOMRect;
  readonly #onChange: () => void;
  /** Where the pointer is, in CSS pixels from the left edge of the lanes; null when it is elsewhere. */
  #x: number | null = null;
  #drag: { x: number; moved: boolean } | null = null;

  constructor(options: {
    window: TimeWindow;
    liveMs: () => number;
    /** Capture time at which the call began. */
    firstMs: () => number;
    lanes: () => DOMRect;
    onChange: () => void;
  }) {
    this.#window = options.window;
    this.#liveMs = options.liveMs;
    this.#firstMs = options.firstMs;
    this.#lanes = options.lanes;
    this.#onChange = options.onChange;
  }

  /** Capture time under the pointer; null when it is elsewhere. */
  hoverMs(range: TimeRange): number | null {
    if (this.#x === null) return null;
    const { width } = this.#lanes();
    return range.startMs + (this.#x / width) * (range.endMs - range.startMs);
  }

  move = (event: PointerEvent): void => {
    const { left, width } = this.#lanes();
    const x = event.clientX - left;
    this.#x = x >= 0 && x <= width ? x : null;
    if (this.#drag) {
      const byPixels = event.clientX - this.#drag.x;
      if (this.#drag.moved || Math.abs(byPixels) >= dragFromPixels) {
        this.#drag.moved = true;
        this.#drag.x = event.clientX;
        this.#pan(-byPixels / width);
      }
    }
    this.#onChange();
  };

  leave = (): void => {
    this.#x = null;
    this.#onChange();
  };

  down = (event: PointerEvent): void => {
    if (this.#x === null && event.pointerType === 'mouse') return;
    this.#drag = { x: event.clientX, moved: false };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };

  up = (): void => {
    this.#drag = null;
  };

  wheel = (event: WheelEvent): void => {
    const { width } = this.#lanes();
    const liveMs = this.#liveMs();
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const anchorMs = this.hoverMs(this.#window.range(liveMs)) ?? liveMs;
      this.#window.zoom(wheelZoomPerPixel ** event.deltaY, anchorMs, liveMs);
    } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.#pan(event.deltaX / width);
    } else {
      return;
    }
    this.#onChange();
  };

  #pan(share: number): void {
    this.#window.pan(share * this.#window.spanMs, this.#liveMs(), this.#firstMs());
  }
}
