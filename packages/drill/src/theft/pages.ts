/** Bytes of a page as PostgreSQL is built. */
export const PAGE_BYTES = 8192;
const HEADER_BYTES = 24;
/** Page size and layout version 4, as one word. */
const SIZE_AND_VERSION = PAGE_BYTES | 4;
const NORMAL = 1;
const ATTRIBUTES_MASK = 0x07ff;
/** A row of a TOAST table: header, id, number, then the chunk with its length word. */
const TUPLE_HEADER_BYTES = 24;
const CHUNK_AT = TUPLE_HEADER_BYTES + 12;
const CHUNK_MOST = 2032;

/** One piece of a value that was too long for its row. */
export interface ToastChunk {
  /** Id of the value in its TOAST table. */
  readonly value: number;
  readonly seq: number;
  readonly bytes: Uint8Array;
}

/** The pieces of long values in a heap page; none in any other page. */
export function* toastChunks(page: Uint8Array): Generator<ToastChunk> {
  if (page.length < PAGE_BYTES) return;
  const view = new DataView(page.buffer, page.byteOffset, PAGE_BYTES);
  const [lower, upper] = [view.getUint16(12, true), view.getUint16(14, true)];
  if (view.getUint16(18, true) !== SIZE_AND_VERSION) return;
  if (lower < HEADER_BYTES || lower > upper || upper > PAGE_BYTES) return;
  for (let line = HEADER_BYTES; line + 4 <= lower; line += 4) {
    const item = view.getUint32(line, true);
    const [offset, flags, length] = [item & 0x7fff, (item >>> 15) & 3, item >>> 17];
    if (flags !== NORMAL || offset < upper || offset + length > PAGE_BYTES) continue;
    const chunk = readTuple(page.subarray(offset, offset + length));
    if (chunk !== null) yield chunk;
  }
}

function readTuple(tuple: Uint8Array): ToastChunk | null {
  if (tuple.length < CHUNK_AT) return null;
  const view = new DataView(tuple.buffer, tuple.byteOffset, tuple.length);
  if ((view.getUint16(18, true) & ATTRIBUTES_MASK) !== 3) return null;
  if (view.getUint8(22) !== TUPLE_HEADER_BYTES) return null;
  return readChunk(tuple.subarray(TUPLE_HEADER_BYTES));
}

/** Reads id, number and chunk of a TOAST row's columns; null: it is another row. */
export function readChunk(columns: Uint8Array): ToastChunk | null {
  if (columns.length < 13) return null;
  const view = new DataView(columns.buffer, columns.byteOffset, columns.length);
  const [value, seq, word] = [
    view.getUint32(0, true),
    view.getInt32(4, true),
    view.getUint32(8, true),
  ];
  const length = word >>> 2;
  if ((word & 3) !== 0 || value === 0 || seq < 0) return null;
  if (length < 5 || length > CHUNK_MOST || 8 + length > columns.length) return null;
  return { value, seq, bytes: columns.subarray(12, 8 + length) };
}

/** Bytes of a chunk that is not the last of its value. */
const FULL_CHUNK = 1996;

/** The pieces of one value that were found; `last` is the highest number among them. */
interface Pieces {
  readonly bySeq: Map<number, Uint8Array>;
  last: number;
}

/** Puts long values together from their pieces, wherever these lie; bounded by forgetting the oldest unfinished ones. */
export class ToastValues {
  readonly #pieces = new Map<string, Pieces>();
  readonly #onValue: (relation: string, bytes: Uint8Array) => void;
  readonly #mostBytes: number;
  #heldBytes = 0;

  constructor(
    onValue: (relation: string, bytes: Uint8Array) => void,
    mostBytes = 64 * 1024 * 1024,
  ) {
    this.#onValue = onValue;
    this.#mostBytes = mostBytes;
  }

  add(relation: string, { value, seq, bytes }: ToastChunk): void {
    const key = `${relation}/${value}`;
    const pieces = this.#pieces.get(key) ?? { bySeq: new Map<number, Uint8Array>(), last: 0 };
    if (!this.#pieces.has(key)) this.#pieces.set(key, pieces);
    this.#heldBytes += bytes.length - (pieces.bySeq.get(seq)?.length ?? 0);
    pieces.bySeq.set(seq, Uint8Array.from(bytes));
    pieces.last = Math.max(pieces.last, seq);
    if (isWhole(pieces)) this.#give(key);
    while (this.#heldBytes > this.#mostBytes) {
      const [oldest] = this.#pieces.keys();
      if (oldest === undefined) break;
      this.#give(oldest);
    }
  }

  /** Gives what is left, also what misses pieces. */
  end(): void {
    for (const key of this.#pieces.keys()) this.#give(key);
  }

  #give(key: string): void {
    const pieces = this.#pieces.get(key);
    if (pieces === undefined) return;
    this.#pieces.delete(key);
    const ordered = [...pieces.bySeq].toSorted(([a], [b]) => a - b).map(([, bytes]) => bytes);
    const joined = Buffer.concat(ordered);
    this.#heldBytes -= joined.length;
    this.#onValue(key, joined);
  }
}

/** The last piece is shorter than the others; a value that ends with a full one waits for the end. */
function isWhole({ bySeq, last }: Pieces): boolean {
  return bySeq.size === last + 1 && (bySeq.get(last)?.length ?? 0) < FULL_CHUNK;
}
