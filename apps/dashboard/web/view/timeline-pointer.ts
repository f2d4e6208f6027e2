import type { TimeRange, TimeWindow } from '../timeline/time-window.ts';

const dragFromPixels = 4;
const wheelZoomPerPixel = 1.002;
/** Fingers nearer to each other than this pinch as if they were so far apart. */
const leastPinchPixels = 24;

/**
 * Where in time somebody looks: the pointer over the lanes reads the time under it, drags the window, zooms with
 * Ctrl + wheel, pans with a sideways wheel; two fingers zoom and pan; a cursor that the keyboard moves reads too.
 */
export class TimelinePointer {
  readonly #window: TimeWindow;
  readonly #liveMs: () => number;
  readonly #firstMs: () => number;
  readonly #lanes: () => DOMRect;
  readonly #onChange: () => void;
  /** Where the pointer is, in CSS pixels from the left edge of the lanes; null when it is elsewhere. */
  #x: number | null = null;
  /** Capture time that the keyboard's cursor reads; null when there is none. */
  cursorMs: number | null = null;
  #drag: { x: number; moved: boolean } | null = null;
  /** Places of the pressed pointers by their id. */
  readonly #pressed = new Map<number, number>();

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

  /** Capture time that is read: under the pointer, else at the cursor if it is shown; null when there is neither. */
  hoverMs(range: TimeRange): number | null {
    if (this.#x !== null) return this.#timeAt(this.#x, range);
    const { cursorMs } = this;
    return cursorMs !== null && cursorMs >= range.startMs && cursorMs <= range.endMs ? cursorMs : null;
  }

  /** Moves the cursor by `byMs`, and the window with it where it would leave it; begins at the right edge. */
  step(byMs: number): void {
    const liveMs = this.#liveMs();
    const range = this.#window.range(liveMs);
    const shown = this.cursorMs !== null && this.cursorMs >= range.startMs && this.cursorMs <= range.endMs;
    const fromMs = shown ? this.cursorMs! : range.endMs;
    this.cursorMs = Math.min(liveMs, Math.max(this.#firstMs(), fromMs + byMs));
    if (this.cursorMs < range.startMs || this.cursorMs > range.endMs) this.#pan(Math.sign(byMs) * 0.5);
    else if (this.#window.following) this.#window.pan(-1, liveMs, this.#firstMs());
    this.#x = null;
    this.#onChange();
  }

  move = (event: PointerEvent): void => {
    const { left, width } = this.#lanes();
    const x = event.clientX - left;
    this.#x = x >= 0 && x <= width ? x : null;
    if (this.#x !== null) this.cursorMs = null;
    if (this.#pressed.has(event.pointerId)) {
      const before = new Map(this.#pressed);
      this.#pressed.set(event.pointerId, x);
      if (before.size === 2) this.#pinch([...before.values()], [...this.#pressed.values()], width);
      else if (this.#drag) this.#dragTo(event.clientX, width);
    }
    this.#onChange();
  };

  leave = (): void => {
    this.#x = null;
    this.#onChange();
  };

  down = (event: PointerEvent): void => {
    if (this.#x === null && event.pointerType === 'mouse') return;
    this.#pressed.set(event.pointerId, event.clientX - this.#lanes().left);
    this.#drag = { x: event.clientX, moved: false };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };

  up = (event: PointerEvent): void => {
    this.#pressed.delete(event.pointerId);
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

  #dragTo(clientX: number, width: number): void {
    const byPixels = clientX - this.#drag!.x;
    if (!this.#drag!.moved && Math.abs(byPixels) < dragFromPixels) return;
    this.#drag = { x: clientX, moved: true };
    this.#pan(-byPixels / width);
  }

  /** What was under the two fingers stays under them. */
  #pinch([a, b]: number[], [c, d]: number[], width: number): void {
    const liveMs = this.#liveMs();
    const apart = (one: number, other: number): number => Math.max(leastPinchPixels, Math.abs(one - other));
    this.#pan(((a + b) / 2 - (c + d) / 2) / width);
    const anchorMs = this.#timeAt((c + d) / 2, this.#window.range(liveMs));
    this.#window.zoom(apart(a, b) / apart(c, d), anchorMs, liveMs);
  }

  #timeAt(x: number, range: TimeRange): number {
    return range.startMs + (x / this.#lanes().width) * (range.endMs - range.startMs);
  }

  #pan(share: number): void {
    this.#window.pan(share * this.#window.spanMs, this.#liveMs(), this.#firstMs());
  }
}
