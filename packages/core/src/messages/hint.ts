import type { FileId } from "../brand.ts";
import { encodeCbor } from "../encoding.ts";
import { CoreError } from "../errors.ts";
import { bool, decodeShape, encodeShape, id, list, record, type Shaped } from "../shape.ts";
import { empty, route } from "./route.ts";

/** Files that one hint names at most; beyond it says `all`. */
export const HINT_FILES = 64;
/** Bytes of one hint at most: its files, and what is around them. */
const HINT_BYTES = 2048;
const BYTE_STRING = 2;
const ONE_BYTE_LENGTH = 24;
const TWO_BYTE_LENGTH = 25;

/** That something has changed since the hint before, never what. */
export const hintShape = record({
  /** The practice chain grew. */
  practice: bool,
  /** A stop arrived, or stands in its chain now. */
  stops: bool,
  /** Orders were laid down, approved, or withdrawn (gate). */
  orders: bool,
  /** More than is named may have changed: ask for everything. */
  all: bool,
  /** Files on which the member who hears holds a live grant. */
  files: list(id<FileId>(), { max: HINT_FILES }),
});
/** A hint. */
export type Hint = Shaped<typeof hintShape>;

/** The route of hints, at all three services; its answer is a CBOR sequence (RFC 8742) of byte strings, each one hint. */
export const HINT_ROUTES = {
  hints: route("/v1/hints", { request: empty, answer: hintShape }),
} as const;

/** Nothing has changed: what a quiet stream says now and then. */
export const NO_HINT: Hint = {
  practice: false,
  stops: false,
  orders: false,
  all: false,
  files: [],
};

/** Two hints as one; more files than one hint may name become `all`. */
export function mergeHints(a: Hint, b: Hint): Hint {
  const files = [...new Set([...a.files, ...b.files])];
  const isOver = files.length > HINT_FILES;
  return {
    practice: a.practice || b.practice,
    stops: a.stops || b.stops,
    orders: a.orders || b.orders,
    all: a.all || b.all || isOver,
    files: isOver ? [] : files,
  };
}

/** One item of the sequence. */
export function encodeHint(hint: Hint): Uint8Array {
  return encodeCbor(encodeShape(hintShape, hint));
}

/** Reads the sequence as it comes, in whatever pieces; a service controls every byte, so an item is bounded. */
export class HintReader {
  #left = new Uint8Array(0);

  /** The hints that are whole now. Errors: `malformed`, `too-large`, `not-canonical`. */
  read(piece: Uint8Array): Hint[] {
    const bytes = new Uint8Array(this.#left.length + piece.length);
    bytes.set(this.#left);
    bytes.set(piece, this.#left.length);
    const hints: Hint[] = [];
    let at = 0;
    for (let end = itemEnd(bytes, at); end !== null; end = itemEnd(bytes, at)) {
      hints.push(decodeShape(hintShape, bytes.subarray(end.from, end.to), HINT_BYTES));
      at = end.to;
    }
    this.#left = bytes.slice(at);
    return hints;
  }
}

/** Where the content of the byte string at `at` lies; null while it is not whole. */
function itemEnd(bytes: Uint8Array, at: number): { from: number; to: number } | null {
  const head = bytes[at];
  if (head === undefined) return null;
  const info = head & 31;
  if (head >> 5 !== BYTE_STRING || info > TWO_BYTE_LENGTH) throw new CoreError("malformed");
  const width = info < ONE_BYTE_LENGTH ? 0 : info === ONE_BYTE_LENGTH ? 1 : 2;
  const from = at + 1 + width;
  if (from > bytes.length) return null;
  let length = info;
  if (width > 0) {
    length = 0;
    for (const byte of bytes.subarray(at + 1, from)) length = length * 256 + byte;
    if (length < (width === 1 ? ONE_BYTE_LENGTH : 256)) throw new CoreError("not-canonical");
  }
  if (length > HINT_BYTES) throw new CoreError("too-large");
  return from + length > bytes.length ? null : { from, to: from + length };
}
