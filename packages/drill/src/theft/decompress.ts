import { inflateRawSync, inflateSync, zstdDecompressSync, constants } from "node:zlib";

import { decompressLz4 } from "./lz4Block.ts";
import { decompressPglz } from "./pglz.ts";

/** What was compressed, and how. */
export interface Inflated {
  readonly format: "gzip" | "zlib" | "zip" | "zstd" | "pglz" | "lz4";
  readonly bytes: Uint8Array;
}

/** Bytes that one compressed part may come to. */
const MOST_BYTES = 64 * 1024 * 1024;
const ZIP_HEADER_BYTES = 30;
const DEFLATED = 8;
const PGLZ = 0;
const LZ4 = 1;
const SIZE_MASK = 0x3fff_ffff;
/** pglz gives at most 273 bytes for 3, LZ4 255 for one. */
const MOST_RATIO = 260;

const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_BYTES };

function tryInflate(format: Inflated["format"], inflate: () => Uint8Array): Inflated | null {
  try {
    const bytes = inflate();
    return bytes.length === 0 ? null : { format, bytes };
  } catch (error) {
    // Whatever only looks compressed ends here; what is too large to hold must not go unsaid.
    if (error instanceof RangeError) throw error;
    return null;
  }
}

const u16 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
const u32 = (bytes: Uint8Array, at: number): number =>
  (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0;

/** Decompresses a TOAST datum behind its length word: size and method, then the stream. */
export function inflateDatum(bytes: Uint8Array): Inflated | null {
  if (bytes.length < 5) return null;
  const info = u32(bytes, 0);
  const [rawBytes, method] = [info & SIZE_MASK, info >>> 30];
  const packed = bytes.length - 4;
  if (method > LZ4 || rawBytes <= packed || rawBytes > packed * MOST_RATIO || rawBytes > MOST_BYTES)
    return null;
  const stream = bytes.subarray(4);
  const out = method === PGLZ ? decompressPglz(stream, rawBytes) : decompressLz4(stream, rawBytes);
  if (out === null || out.length === 0) return null;
  return { format: method === PGLZ ? "pglz" : "lz4", bytes: out };
}

/** By byte: 1 where a compressed file may begin, 2 where a datum of a page may, 0 where nothing does. */
const FIRST_BYTES = new Uint8Array(256).map((_, byte) => {
  if (byte === 0x1f || byte === 0x78 || byte === 0x28 || byte === 0x50) return 1;
  return (byte & 3) === 2 ? 2 : 0;
});

/** Where something compressed may begin from `from` on; the length of `bytes` when nowhere. */
export function nextSign(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < bytes.length; at++) {
    const kind = FIRST_BYTES[bytes[at] as number];
    if (kind === 0) continue;
    // A datum of a page is so short that the upper half of its length is zero.
    if (kind === 2 && (bytes[at + 2] !== 0 || bytes[at + 3] !== 0)) continue;
    if (hasSign(bytes, at)) break;
  }
  return at;
}

function hasSign(bytes: Uint8Array, at: number): boolean {
  const [first, second] = [bytes[at] as number, bytes[at + 1]];
  if (first === 0x1f) return second === 0x8b && bytes[at + 2] === DEFLATED;
  if (first === 0x28) return u32(bytes, at) === 0xfd2fb528;
  if (first === 0x50) return u32(bytes, at) === 0x04034b50 && u16(bytes, at + 8) === DEFLATED;
  if (first === 0x78)
    return second === 0x01 || second === 0x5e || second === 0x9c || second === 0xda;
  return isDatum(bytes, at);
}

/** Longest of a datum that lies in a page; longer ones are cut into chunks, and put together elsewhere. */
const DATUM_MOST = 8160;
const DATUM_LEAST = 16;

function isDatum(bytes: Uint8Array, at: number): boolean {
  const length = u32(bytes, at) >>> 2;
  if (length < DATUM_LEAST || length > DATUM_MOST || at + length > bytes.length) return false;
  const info = u32(bytes, at + 4);
  const rawBytes = info & SIZE_MASK;
  return info >>> 30 <= LZ4 && rawBytes > length - 8 && rawBytes <= (length - 8) * MOST_RATIO;
}

const GZIP_HEADER_BYTES = 10;
const GZIP_CHECK = 0x02;
const GZIP_EXTRA = 0x04;
const GZIP_TEXTS = [0x08, 0x10];

/** Where the data of a gzip member begin (RFC 1952 §2.3). */
function gzipDataAt(bytes: Uint8Array): number {
  const flags = bytes[3] ?? 0;
  let at = GZIP_HEADER_BYTES;
  if ((flags & GZIP_EXTRA) !== 0) at += 2 + u16(bytes, at);
  for (const text of GZIP_TEXTS)
    if ((flags & text) !== 0) {
      const end = bytes.indexOf(0, at);
      at = end < 0 ? bytes.length : end + 1;
    }
  return (flags & GZIP_CHECK) !== 0 ? at + 2 : at;
}

/** Decompresses what begins at a sign; null: it only looked so. Throws RangeError for what is too large to hold. */
export function inflateAt(bytes: Uint8Array, at: number): Inflated | null {
  const rest = bytes.subarray(at);
  const first = rest[0];
  if (first === 0x1f) {
    const data = gzipDataAt(rest);
    // By its parts, because the platform takes what follows for another member.
    return tryInflate("gzip", () => inflateRawSync(rest.subarray(data), options));
  }
  if (first === 0x78) return tryInflate("zlib", () => inflateSync(rest, options));
  if (first === 0x28)
    return tryInflate("zstd", () =>
      zstdDecompressSync(rest, {
        maxOutputLength: MOST_BYTES,
        finishFlush: constants.ZSTD_e_flush,
      }),
    );
  if (first === 0x50) {
    const data = ZIP_HEADER_BYTES + u16(rest, 26) + u16(rest, 28);
    return tryInflate("zip", () => inflateRawSync(rest.subarray(data), options));
  }
  return inflateDatum(rest.subarray(4, u32(rest, 0) >>> 2));
}
