import { compareBytes, isUtf8, utf8ToText } from "./bytes.ts";
import type { Wire } from "./encoding.ts";
import { CoreError } from "./errors.ts";
import { LIMITS } from "./limits.ts";

const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const LIST = 4;
const MAP = 5;
const TAG = 6;
const SIMPLE = 7;
const FALSE = 20;
const NULL = 22;

/**
 * Reads deterministic CBOR in one pass. An attacker controls every byte: depth and the count of values are bounded,
 * integers and lengths are shortest form, text is UTF-8, keys are text in strictly rising bytewise order (RFC 8949 §4.2.1),
 * nothing trails, and nothing is allocated for items that the input is too short to hold.
 */
export function readCbor(bytes: Uint8Array, maxItems: number): Wire {
  const reader = new CborReader(bytes, maxItems);
  const value = reader.item(0);
  reader.end();
  return value;
}

class CborReader {
  readonly #bytes: Uint8Array;
  #itemsLeft: number;
  #at = 0;
  #major = 0;
  #argument = 0;

  constructor(bytes: Uint8Array, maxItems: number) {
    this.#bytes = bytes;
    this.#itemsLeft = maxItems;
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new CoreError("malformed");
  }

  item(depth: number): Wire {
    if (--this.#itemsLeft < 0) throw new CoreError("too-large");
    this.#head();
    const argument = this.#argument;
    switch (this.#major) {
      case NEGATIVE:
        if (argument === Number.MAX_SAFE_INTEGER) throw new CoreError("malformed");
        return -1 - argument;
      case BYTES:
        return copyOf(this.#take(argument));
      case TEXT:
        return readText(this.#take(argument));
      case LIST:
        return this.#list(argument, depth);
      case MAP:
        return this.#map(argument, depth);
      case SIMPLE:
        return argument === NULL ? null : argument !== FALSE;
      default:
        return argument;
    }
  }

  #list(count: number, depth: number): Wire[] {
    this.#enter(count, depth);
    const list: Wire[] = [];
    for (let i = 0; i < count; i++) list.push(this.item(depth + 1));
    return list;
  }

  #map(count: number, depth: number): Map<string, Wire> {
    this.#enter(count * 2, depth);
    const map = new Map<string, Wire>();
    let previous: Uint8Array | null = null;
    for (let i = 0; i < count; i++) {
      const start = this.#at;
      this.#head();
      if (this.#major !== TEXT) throw new CoreError("malformed");
      const text = readText(this.#take(this.#argument));
      const key = this.#bytes.subarray(start, this.#at);
      if (previous !== null && compareBytes(previous, key) >= 0)
        throw new CoreError("not-canonical");
      previous = key;
      map.set(text, this.item(depth + 1));
    }
    return map;
  }

  #enter(items: number, depth: number): void {
    if (depth >= LIMITS.depth) throw new CoreError("too-large");
    if (items > this.#bytes.length - this.#at) throw new CoreError("malformed");
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new CoreError("malformed");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  #head(): void {
    const initial = this.#bytes[this.#at++];
    if (initial === undefined) throw new CoreError("malformed");
    const info = initial & 31;
    this.#major = initial >> 5;
    this.#argument = info;
    if (this.#major === TAG) throw new CoreError("malformed");
    if (this.#major === SIMPLE) {
      if (info < FALSE || info > NULL) throw new CoreError("malformed");
    } else if (info > 27) throw new CoreError("not-canonical");
    else if (info >= 24) this.#longArgument(1 << (info - 24));
  }

  #longArgument(size: number): void {
    let value = 0;
    for (let i = 0; i < size; i++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new CoreError("malformed");
      value = value * 256 + byte;
    }
    if (!Number.isSafeInteger(value)) throw new CoreError("malformed");
    const shortest =
      value < 24 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x100000000 ? 4 : 8;
    if (shortest !== size) throw new CoreError("not-canonical");
    this.#argument = value;
  }
}

/** What is read may be wiped or kept for itself, so it never shares memory with the input. */
function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy;
}

function readText(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new CoreError("malformed");
  return utf8ToText(bytes);
}
