import { zstdDecompressSync } from "node:zlib";

import { decompressLz4 } from "./lz4Block.ts";
import { PAGE_BYTES } from "./pages.ts";
import { decompressPglz } from "./pglz.ts";

/** What a record says of one page. */
export interface WalBlock {
  /** Table space, database and file number. */
  readonly relation: string;
  /** The page as it was, its hole filled with zeros; null: the record has none. */
  readonly image: Uint8Array | null;
  /** The image does not lie in the record as it is. */
  readonly isPacked: boolean;
  readonly data: Uint8Array;
}

/** One record of the write-ahead log (src/include/access/xlogrecord.h). */
export interface WalRecord {
  readonly transaction: number;
  /** Resource manager: 1 transactions, 10 heap. */
  readonly manager: number;
  readonly info: number;
  readonly blocks: readonly WalBlock[];
  readonly main: Uint8Array;
}

const HEADER_BYTES = 24;
const BLOCK_MOST = 32;
const DATA_SHORT = 255;
const DATA_LONG = 254;
const ORIGIN = 253;
const TOP_TRANSACTION = 252;
const HAS_IMAGE = 0x10;
const HAS_DATA = 0x20;
const SAME_RELATION = 0x80;
const IMAGE_HAS_HOLE = 0x01;
const PGLZ = 0x04;
const LZ4 = 0x08;
const ZSTD = 0x10;
const COMPRESSED = PGLZ | LZ4 | ZSTD;

interface ImageHeader {
  readonly length: number;
  readonly holeAt: number;
  readonly holeBytes: number;
  readonly info: number;
}

/** Takes a record apart; null: these bytes are none. */
export function readWalRecord(bytes: Uint8Array): WalRecord | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return readParts(bytes, view);
  } catch (error) {
    // A length that points behind the end: an old record, half written over.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readParts(bytes: Uint8Array, view: DataView): WalRecord {
  const headers: { relation: string; image: ImageHeader | null; dataBytes: number }[] = [];
  let mainBytes = 0;
  let relation = "";
  let at = HEADER_BYTES;
  // Headers come first, then as many bytes of data as they speak of.
  for (let told = 0; at < bytes.length - told;) {
    const id = view.getUint8(at++);
    if (id === DATA_SHORT || id === DATA_LONG) {
      mainBytes = id === DATA_SHORT ? view.getUint8(at) : view.getUint32(at, true);
      at += id === DATA_SHORT ? 1 : 4;
      break;
    }
    if (id === ORIGIN) at += 2;
    else if (id === TOP_TRANSACTION) at += 4;
    else if (id > BLOCK_MOST) throw new RangeError("no such block");
    else {
      const flags = view.getUint8(at);
      const dataBytes = (flags & HAS_DATA) === 0 ? 0 : view.getUint16(at + 1, true);
      at += 3;
      let image: ImageHeader | null = null;
      if ((flags & HAS_IMAGE) !== 0) [image, at] = readImageHeader(view, at);
      if ((flags & SAME_RELATION) === 0) {
        relation = [0, 4, 8].map((part) => view.getUint32(at + part, true)).join("/");
        at += 12;
      }
      at += 4;
      headers.push({ relation, image, dataBytes });
      told += dataBytes + (image?.length ?? 0);
    }
  }
  const blocks = headers.map((header): WalBlock => {
    const imageBytes = header.image?.length ?? 0;
    const image =
      header.image === null ? null : readImage(bytes.subarray(at, at + imageBytes), header.image);
    at += imageBytes;
    const data = bytes.subarray(at, at + header.dataBytes);
    at += header.dataBytes;
    const isPacked = ((header.image?.info ?? 0) & COMPRESSED) !== 0;
    return { relation: header.relation, image, isPacked, data };
  });
  return {
    transaction: view.getUint32(4, true),
    info: view.getUint8(16),
    manager: view.getUint8(17),
    blocks,
    main: bytes.subarray(at, at + mainBytes),
  };
}

function readImageHeader(view: DataView, at: number): [ImageHeader, number] {
  const length = view.getUint16(at, true);
  const holeAt = view.getUint16(at + 2, true);
  const info = view.getUint8(at + 4);
  if ((info & IMAGE_HAS_HOLE) === 0) return [{ length, holeAt, holeBytes: 0, info }, at + 5];
  if ((info & COMPRESSED) === 0)
    return [{ length, holeAt, holeBytes: PAGE_BYTES - length, info }, at + 5];
  return [{ length, holeAt, holeBytes: view.getUint16(at + 5, true), info }, at + 7];
}

function readImage(
  stored: Uint8Array,
  { holeAt, holeBytes, info }: ImageHeader,
): Uint8Array | null {
  const packed = inflateImage(stored, PAGE_BYTES - holeBytes, info);
  if (packed === null || packed.length < PAGE_BYTES - holeBytes) return packed;
  const page = new Uint8Array(PAGE_BYTES);
  page.set(packed.subarray(0, holeAt));
  page.set(packed.subarray(holeAt, PAGE_BYTES - holeBytes), holeAt + holeBytes);
  return page;
}

function inflateImage(stored: Uint8Array, rawBytes: number, info: number): Uint8Array | null {
  if ((info & PGLZ) !== 0) return decompressPglz(stored, rawBytes);
  if ((info & LZ4) !== 0) return decompressLz4(stored, rawBytes);
  if ((info & ZSTD) === 0) return stored;
  try {
    return zstdDecompressSync(stored, { maxOutputLength: PAGE_BYTES });
  } catch {
    // Half written over: the bytes were searched as they lie.
    return null;
  }
}
