/** A network path that loses some packets and lets some overtake others, the same ones at every run. */
export class LossyPath {
  readonly #deliver: (packet: Buffer) => void;
  readonly #lossShare: number;
  readonly #reorderShare: number;
  #seed: number;
  #held: Buffer | null = null;
  lost = 0;
  reordered = 0;

  /** @param reorderShare share of the packets that arrive one packet later */
  constructor(
    deliver: (packet: Buffer) => void,
    { lossShare, reorderShare, seed }: { lossShare: number; reorderShare: number; seed: number },
  ) {
    this.#deliver = deliver;
    this.#lossShare = lossShare;
    this.#reorderShare = reorderShare;
    this.#seed = seed;
  }

  send(packet: Buffer): void {
    if (this.#random() < this.#lossShare) {
      this.lost++;
      return;
    }
    if (this.#held === null && this.#random() < this.#reorderShare) {
      this.#held = packet;
      return;
    }
    this.#deliver(packet);
    if (this.#held === null) return;
    this.reordered++;
    this.#deliver(this.#held);
    this.#held = null;
  }

  /** mulberry32: uniform in [0, 1). */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  }
}
