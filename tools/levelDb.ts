import { readVarint, unsnap } from "./snappy.ts";

/** Last eight bytes of every table (leveldb doc/table_format.md). */
const MAGIC = 0xdb4775248b80fb57n;
const FOOTER_BYTES = 48;
const TRAILER_BYTES = 5;
const SNAPPY = 1;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

function readHandle(bytes: Uint8Array, at: number): { handle: Handle; next: number } {
  const offset = readVarint(bytes, at);
  const size = readVarint(bytes, offset.next);
  return { handle: { offset: offset.value, size: size.value }, next: size.next };
}

/** One block as it was before it was compressed. */
function readBlock(table: Uint8Array, { offset, size }: Handle): Uint8Array {
  const block = table.subarray(offset, offset + size);
  return table[offset + size] === SNAPPY ? unsnap(block) : block;
}

/** Values of a block, without their keys: entries, then offsets to restart at, then how many of those. */
function* valuesOf(block: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const end = block.length - 4 - 4 * view.getUint32(block.length - 4, true);
  for (let at = 0; at < end;) {
    const shared = readVarint(block, at);
    const own = readVarint(block, shared.next);
    const length = readVarint(block, own.next);
    const value = length.next + own.value;
    yield block.subarray(value, value + length.value);
    at = value + length.value;
  }
}

/** The blocks of a LevelDB table, decompressed; none when the bytes are no whole table. Throws RangeError for a damaged one. */
export function* readTable(table: Uint8Array): Generator<Uint8Array> {
  if (table.length < FOOTER_BYTES + TRAILER_BYTES) return;
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  if (view.getBigUint64(table.length - 8, true) !== MAGIC) return;
  const footer = table.length - FOOTER_BYTES;
  const { next } = readHandle(table, footer);
  const index = readBlock(table, readHandle(table, next).handle);
  for (const value of valuesOf(index)) yield readBlock(table, readHandle(value, 0).handle);
}
