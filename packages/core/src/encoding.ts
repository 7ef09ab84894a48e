import { decode as decodeCborg, encode as encodeCborg, rfc8949EncodeOptions } from "cborg";
import { isUtf8 } from "./bytes.ts";
import { CoreError } from "./errors.ts";
import { LIMITS } from "./limits.ts";

/** What the formats are made of: no floats, no tags, no undefined. */
export type Wire = number | string | boolean | null | Uint8Array | Wire[] | Map<string, Wire>;

/** Deterministic CBOR of a wire value (RFC 8949 §4.2.1). */
export function encodeCbor(value: Wire): Uint8Array {
  return encodeCborg(value, rfc8949EncodeOptions);
}

/**
 * The wire value of deterministic CBOR (RFC 8949 §4.2.1).
 * Errors: `too-large` over `maxBytes` or the depth limit, `not-canonical`, `malformed`.
 */
export function decodeCbor(bytes: Uint8Array, maxBytes: number = LIMITS.messageBytes): Wire {
  if (bytes.length > maxBytes) throw new CoreError("too-large");
  scanCanonical(bytes);
  try {
    return decodeCborg(bytes, {
      strict: true,
      useMaps: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowBigInt: false,
    }) as Wire;
  } catch (cause) {
    throw new CoreError("malformed", { cause });
  }
}

interface Frame {
  remaining: number;
  isMap: boolean;
  previousKey: Uint8Array | null;
}

/**
 * Checks form before anything is built: an attacker controls every byte, so depth is bounded, integers and lengths are
 * shortest form, text is UTF-8, keys are text in strictly rising bytewise order (RFC 8949 §4.2.1), and nothing trails.
 */
function scanCanonical(bytes: Uint8Array): void {
  const stack: Frame[] = [];
  let offset = 0;
  for (;;) {
    const start = offset;
    const head = readHead(bytes, offset);
    offset = head.next;
    const parent = stack.at(-1);
    const isKey = parent !== undefined && parent.isMap && parent.remaining % 2 === 0;
    if (isKey && head.major !== 3) throw new CoreError("malformed");
    if (head.major === 2 || head.major === 3) {
      offset += head.value;
      if (offset > bytes.length) throw new CoreError("malformed");
      if (head.major === 3 && !isUtf8(bytes.subarray(head.next, offset)))
        throw new CoreError("malformed");
    }
    if (isKey) checkKeyOrder(parent, bytes.subarray(start, offset));
    if (parent !== undefined) parent.remaining--;
    if (head.major === 4 || head.major === 5) {
      if (stack.length >= LIMITS.depth) throw new CoreError("too-large");
      const items = head.major === 5 ? head.value * 2 : head.value;
      if (items > bytes.length - offset) throw new CoreError("malformed");
      stack.push({ remaining: items, isMap: head.major === 5, previousKey: null });
    }
    while (stack.length > 0 && stack.at(-1)?.remaining === 0) stack.pop();
    if (stack.length === 0) break;
  }
  if (offset !== bytes.length) throw new CoreError("malformed");
}

function readHead(
  bytes: Uint8Array,
  offset: number,
): { major: number; value: number; next: number } {
  const initial = bytes[offset];
  if (initial === undefined) throw new CoreError("malformed");
  const major = initial >> 5;
  const info = initial & 31;
  if (major === 6) throw new CoreError("malformed");
  if (major === 7) {
    if (info < 20 || info > 22) throw new CoreError("malformed");
    return { major, value: info, next: offset + 1 };
  }
  if (info < 24) return { major, value: info, next: offset + 1 };
  if (info > 27) throw new CoreError("not-canonical");
  const size = 1 << (info - 24);
  let value = 0;
  for (let i = 1; i <= size; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) throw new CoreError("malformed");
    value = value * 256 + byte;
  }
  if (!Number.isSafeInteger(value)) throw new CoreError("malformed");
  const shortest =
    value < 24 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x100000000 ? 4 : 8;
  if (shortest !== size) throw new CoreError("not-canonical");
  return { major, value, next: offset + 1 + size };
}

function checkKeyOrder(map: Frame, key: Uint8Array): void {
  const previous = map.previousKey;
  if (previous !== null && compareBytes(previous, key) >= 0) throw new CoreError("not-canonical");
  map.previousKey = key;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
