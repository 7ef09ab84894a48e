import { compareBytes, textToUtf8 } from "./bytes.ts";
import type { Wire } from "./encoding.ts";

const BYTES = 2;
const TEXT = 3;
const LIST = 4;
const MAP = 5;
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;

/** Writes one wire value into bytes that were measured for it, so that nothing sealed later stays behind in a buffer. */
export function writeCbor(value: Wire): Uint8Array {
  const bytes = new Uint8Array(sizeOf(value));
  writeItem(bytes, 0, value);
  return bytes;
}

function sizeOf(value: Wire): number {
  if (typeof value === "number") return headSize(value < 0 ? -1 - value : value);
  if (typeof value === "string") return textSize(value);
  if (typeof value === "boolean" || value === null) return 1;
  if (value instanceof Uint8Array) return headSize(value.length) + value.length;
  if (Array.isArray(value)) {
    let size = headSize(value.length);
    for (const item of value) size += sizeOf(item);
    return size;
  }
  let size = headSize(value.size);
  for (const [key, item] of value) size += textSize(key) + sizeOf(item);
  return size;
}

function headSize(argument: number): number {
  if (!Number.isSafeInteger(argument)) throw new TypeError("not a safe integer");
  if (argument < 24) return 1;
  if (argument < 0x100) return 2;
  if (argument < 0x10000) return 3;
  return argument < 0x100000000 ? 5 : 9;
}

function textSize(text: string): number {
  const length = isAscii(text) ? text.length : textToUtf8(text).length;
  return headSize(length) + length;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

function writeItem(bytes: Uint8Array, at: number, value: Wire): number {
  if (typeof value === "string") return writeText(bytes, at, value);
  if (typeof value === "number")
    return value < 0 ? writeHead(bytes, at, 1, -1 - value) : writeHead(bytes, at, 0, value);
  if (typeof value === "boolean" || value === null) {
    bytes[at] = value === null ? NULL : value ? TRUE : FALSE;
    return at + 1;
  }
  if (value instanceof Uint8Array) {
    const start = writeHead(bytes, at, BYTES, value.length);
    bytes.set(value, start);
    return start + value.length;
  }
  if (Array.isArray(value)) {
    let next = writeHead(bytes, at, LIST, value.length);
    for (const item of value) next = writeItem(bytes, next, item);
    return next;
  }
  let next = writeHead(bytes, at, MAP, value.size);
  for (const [key, item] of inOrder(value)) {
    next = writeText(bytes, next, key);
    next = writeItem(bytes, next, item);
  }
  return next;
}

function writeHead(bytes: Uint8Array, at: number, major: number, argument: number): number {
  const size = headSize(argument);
  const kind = major << 5;
  if (size === 1) bytes[at] = kind | argument;
  else {
    bytes[at] = kind | (24 + Math.log2(size - 1));
    let rest = argument;
    for (let i = at + size - 1; i > at; i--) {
      bytes[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }
  return at + size;
}

function writeText(bytes: Uint8Array, at: number, text: string): number {
  if (!isAscii(text)) {
    const utf8 = textToUtf8(text);
    const start = writeHead(bytes, at, TEXT, utf8.length);
    bytes.set(utf8, start);
    return start + utf8.length;
  }
  const start = writeHead(bytes, at, TEXT, text.length);
  for (let i = 0; i < text.length; i++) bytes[start + i] = text.charCodeAt(i);
  return start + text.length;
}

/** RFC 8949 §4.2.1: by the bytes of the encoded key, whose head makes the shorter one the lesser. */
function compareKeys(a: string, b: string): number {
  if (isAscii(a) && isAscii(b)) return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
  const [left, right] = [textToUtf8(a), textToUtf8(b)];
  return left.length - right.length || compareBytes(left, right);
}

function inOrder(map: ReadonlyMap<string, Wire>): Iterable<readonly [string, Wire]> {
  let previous: string | null = null;
  for (const key of map.keys()) {
    if (previous !== null && compareKeys(previous, key) > 0)
      return [...map].sort(([a], [b]) => compareKeys(a, b));
    previous = key;
  }
  return map;
}
