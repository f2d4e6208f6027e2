import { css, html, LitElement, type PropertyValues } from 'lit';
import { onPaletteChange } from './palette.ts';

/** A canvas that fills its element, sharp on every screen, and is painted again when its size or the palette changes. */
export abstract class CanvasElement extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    canvas {
      display: block;
      width: 100%;
      height: 100%;
    }
  `;

  #observer: ResizeObserver | null = null;
  #forgetPalette = (): void => {};

  /** @param width and height in CSS pixels; `ratio` device pixels make one of them */
  protected abstract paint(
    context: CanvasRenderingContext2D,
    width: number,
    height: number,
    ratio: number,
  ): void;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#forgetPalette = onPaletteChange(() => this.repaint());
    this.#observer = new ResizeObserver(([entry]) => this.#fit(entry.contentRect));
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    this.#forgetPalette();
  }

  override render() {
    return html`<canvas width="0" height="0" aria-hidden="true"></canvas>`;
  }

  override updated(_changed: PropertyValues): void {
    this.repaint();
  }

  protected repaint(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context || canvas.width === 0) return;
    const ratio = window.devicePixelRatio;
    this.paint(context, canvas.width / ratio, canvas.height / ratio, ratio);
  }

  #fit({ width, height }: { width: number; height: number }): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas) return;
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    this.repaint();
  }
}
