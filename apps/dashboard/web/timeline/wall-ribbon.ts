import { ribbonStepMs } from '@undertone/wire';
import type { RibbonTrack } from '../data/ribbon-track.ts';
import { CanvasElement } from './canvas-element.ts';
import { paintWallRibbon } from './paint-wall-ribbon.ts';
import { palette } from './palette.ts';

/** `<ut-wall-ribbon>`: the last two minutes of one speaker on the wall. Its text is on the card. */
export class WallRibbon extends CanvasElement {
  static override properties = {
    track: { attribute: false },
    nowMs: { type: Number },
    looks: { type: Number },
  };
  declare track: RibbonTrack;
  declare nowMs: number;
  /** Of `track`: painted again only when it looks different, about once a second. */
  declare looks: number;

  protected override paint(
    context: CanvasRenderingContext2D,
    width: number,
    height: number,
    ratio: number,
  ): void {
    // The second that has just begun has hardly been judged: show it once it holds something.
    const liveCell = Math.max(this.track.newest, Math.floor(this.nowMs / ribbonStepMs) - 1);
    paintWallRibbon(context, width * ratio, height * ratio, this.track, liveCell, palette());
  }
}
customElements.define('ut-wall-ribbon', WallRibbon);
