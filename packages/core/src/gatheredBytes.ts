/**
 * Bytes that come in pieces, kept in one buffer that doubles: however small the pieces are, each byte is moved a few times and
 * no piece is held.
 */
export class GatheredBytes {
  #held: Uint8Array;
  #length = 0;
  readonly #most: number;

  /** Room for `first` bytes now and `most` in the end. */
  constructor({ first, most }: { first: number; most: number }) {
    this.#held = new Uint8Array(Math.min(first, most));
    this.#most = most;
  }

  /** How many bytes have come. */
  get length(): number {
    return this.#length;
  }

  /** Takes one more piece; beyond `most` is a RangeError. */
  add(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#most) throw new RangeError("more than there is room for");
    if (length > this.#held.length) {
      const held = new Uint8Array(Math.min(this.#most, Math.max(length, 2 * this.#held.length)));
      held.set(this.#held.subarray(0, this.#length));
      this.#held = held;
    }
    this.#held.set(piece, this.#length);
    this.#length = length;
  }

  /** What has come; it is not copied, so nothing is added afterwards. */
  join(): Uint8Array {
    return this.#held.subarray(0, this.#length);
  }
}
