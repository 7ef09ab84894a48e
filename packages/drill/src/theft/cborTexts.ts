const UINT = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const SIMPLE = 7;
/** Statements lie in byte strings of signed ones, orders in those of statements. */
const DEEPEST = 8;
/** Shorter byte strings are ids and hashes, which by chance may look like a text. */
const LEAST_INSIDE = 48;
/** What comes before the statement in a signed one. */
export const SIGNATURE_BYTES = 64;

/** Every text in bytes that are CBOR (RFC 8949), also in byte strings that are CBOR themselves; null: these bytes are not. */
export function cborTexts(bytes: Uint8Array, depth = 0): string[] | null {
  const reader = new Reader(bytes, depth);
  return reader.readItem(0) && reader.isAtEnd ? reader.texts : null;
}

class Reader {
  readonly texts: string[] = [];
  readonly #bytes: Uint8Array;
  readonly #depth: number;
  #at = 0;

  constructor(bytes: Uint8Array, depth: number) {
    this.#bytes = bytes;
    this.#depth = depth;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** False: what stands here is no item. */
  readItem(nested: number): boolean {
    const first = this.#bytes[this.#at++];
    if (first === undefined || nested > 32) return false;
    const major = first >> 5;
    const argument = this.#readArgument(first & 0x1f);
    if (argument === null) return false;
    if (major === UINT || major === NEGATIVE) return true;
    if (major === SIMPLE) return (first & 0x1f) >= 20 && (first & 0x1f) <= 22;
    if (major === BYTES || major === TEXT) return this.#readString(major, argument);
    const items = major === ARRAY ? argument : major === MAP ? argument * 2 : -1;
    if (items < 0 || items > this.#bytes.length) return false;
    for (let item = 0; item < items; item++) if (!this.readItem(nested + 1)) return false;
    return true;
  }

  #readArgument(short: number): number | null {
    if (short < 24) return short;
    if (short > 27) return null;
    const length = 1 << (short - 24);
    const end = this.#at + length;
    if (end > this.#bytes.length) return null;
    let value = 0;
    for (; this.#at < end; this.#at++) value = value * 256 + (this.#bytes[this.#at] ?? 0);
    return value;
  }

  #readString(major: number, length: number): boolean {
    const string = this.#bytes.subarray(this.#at, this.#at + length);
    if (string.length < length) return false;
    this.#at += length;
    if (major === TEXT) this.texts.push(Buffer.from(string).toString("utf8"));
    else if (length >= LEAST_INSIDE && this.#depth < DEEPEST)
      for (const text of this.#textsInside(string)) this.texts.push(text);
    return true;
  }

  #textsInside(string: Uint8Array): string[] {
    const depth = this.#depth + 1;
    return cborTexts(string, depth) ?? cborTexts(string.subarray(SIGNATURE_BYTES), depth) ?? [];
  }
}
