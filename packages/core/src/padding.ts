import { CoreError, ensure } from "./errors.ts";

const KIB = 1024;
/** Size classes in bytes; beyond the last, multiples of it. */
export const SIZE_CLASSES = [256, KIB, 4 * KIB, 16 * KIB, 64 * KIB] as const;
const LARGEST = 64 * KIB;
const MARK = 0x80;

/** The padded size of `length` bytes of body: one byte at least is added. */
export function paddedSize(length: number): number {
  const needed = length + 1;
  return SIZE_CLASSES.find((size) => size >= needed) ?? Math.ceil(needed / LARGEST) * LARGEST;
}

/** The body, 0x80, and zeros up to its size class (ISO/IEC 7816-4). */
export function pad(body: Uint8Array): Uint8Array {
  const padded = new Uint8Array(paddedSize(body.length));
  padded.set(body);
  padded[body.length] = MARK;
  return padded;
}

/** The body inside a padded text; any other form is `open-failed`, the one error of opening. */
export function unpad(padded: Uint8Array): Uint8Array {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end--;
  if (end < 0 || padded[end] !== MARK) throw new CoreError("open-failed");
  ensure(paddedSize(end) === padded.length, "open-failed");
  return padded.subarray(0, end);
}
