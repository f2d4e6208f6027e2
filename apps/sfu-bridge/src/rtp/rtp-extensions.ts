const oneByteProfile = 0xbede;
const twoByteProfile = 0x100; // the upper twelve bits

/**
 * Where the header extension elements of one RTP packet lie (RFC 8285), for one-byte and two-byte headers.
 * Offsets are into the bytes of the packet; nothing is copied or allocated.
 */
export class RtpExtensions {
  #offsets = new Uint16Array(256);
  #lengths = new Uint8Array(256);
  #present = new Uint8Array(256);
  #presentCount = 0;

  clear(): void {
    for (let i = 0; i < this.#presentCount; i++) this.#offsets[this.#present[i]] = 0;
    this.#presentCount = 0;
  }

  /**
   * Reads the extension block `bytes[start … end)`. Profiles other than RFC 8285's are skipped as a whole.
   * Returns false if an element runs past the end of the block.
   */
  read(bytes: Uint8Array, profile: number, start: number, end: number): boolean {
    if (profile === oneByteProfile) return this.#readOneByte(bytes, start, end);
    // RFC 8285 §4.3: 0x100 followed by four bits for the application.
    if (profile >> 4 === twoByteProfile) return this.#readTwoByte(bytes, start, end);
    return true;
  }

  /** Number of the first byte of the element's data within the packet, or −1 if the packet doesn't carry it. */
  offset(id: number): number {
    return this.#offsets[id] === 0 ? -1 : this.#offsets[id];
  }

  /** Bytes of the element's data; only meaningful if `offset(id)` is not −1. */
  length(id: number): number {
    return this.#lengths[id];
  }

  /** RFC 8285 §4.2: four bits of id, four bits of length less one; id 0 is padding, id 15 ends the block. */
  #readOneByte(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start;
    while (at < end) {
      const id = bytes[at] >> 4;
      if (id === 0) {
        at++;
        continue;
      }
      if (id === 15) return true;
      const length = (bytes[at] & 0x0f) + 1;
      if (at + 1 + length > end) return false;
      this.#add(id, at + 1, length);
      at += 1 + length;
    }
    return true;
  }

  /** RFC 8285 §4.3: a byte of id, a byte of length; a lone zero byte is padding. */
  #readTwoByte(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start;
    while (at < end) {
      const id = bytes[at];
      if (id === 0) {
        at++;
        continue;
      }
      if (at + 2 > end) return false;
      const length = bytes[at + 1];
      if (at + 2 + length > end) return false;
      this.#add(id, at + 2, length);
      at += 2 + length;
    }
    return true;
  }

  #add(id: number, offset: number, length: number): void {
    if (this.#offsets[id] === 0) this.#present[this.#presentCount++] = id;
    this.#offsets[id] = offset;
    this.#lengths[id] = length;
  }
}
