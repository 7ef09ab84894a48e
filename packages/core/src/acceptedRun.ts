import type { FileId, PracticeId } from "./brand.ts";
import { concatBytes } from "./bytes.ts";
import { CoreError, ensure } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import { acceptedShape, LINKS_PER_ANSWER } from "./messages/chainRoutes.ts";
import {
  type Shaped,
  decodeShape,
  encodeShape,
  hash,
  id,
  list,
  maxBytes,
  record,
  uint,
  variant,
  version,
} from "./shape.ts";
import type { Signed } from "./sign.ts";

const signed = maxBytes(LIMITS.statementBytes);
const seq = uint(LIMITS.chainLength);
/** Items of a list in one frame; whoever writes keeps a frame below `LIMITS.messageBytes`. */
const PER_FRAME = 1024;

const runFile = record({
  file: id<FileId>(),
  /** From the first on, each with the SHA-256 of the acceptance that names it. */
  statements: list(record({ statement: signed, acceptance: hash }), { min: 1, max: 100_000 }),
  /** The gate's halves as they lie at rest; none of an erased file. */
  shares: list(record({ epoch: seq, sealed: maxBytes(256) }), { max: 100_000 }),
});

const frameShape = variant("kind", {
  start: record({ v: version, practice: id<PracticeId>() }),
  practice: record({ links: list(acceptedShape, { max: LINKS_PER_ANSWER }) }),
  /** Stops that no chain carries yet. */
  stops: record({ orders: list(signed, { max: LIMITS.itemsPerBatch }) }),
  /** Before the first file that names them. */
  acceptances: record({ signed: list(signed, { max: PER_FRAME }) }),
  files: record({ files: list(runFile, { max: PER_FRAME }) }),
  end: record({}),
});
/** One frame of an accepted run. */
export type RunFrame = Shaped<typeof frameShape>;
/** One file of an accepted run: its whole access chain. */
export type RunFile = Shaped<typeof runFile>;

const LENGTH_BYTES = 4;

/** One frame as bytes: its length in four bytes, big-endian, then deterministic CBOR. */
export function encodeRunFrame(frame: RunFrame): Uint8Array {
  const body = encodeShape(frameShape, frame);
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, body.length);
  return concatBytes(length, body);
}

/** What one frame holds about: far below the limit, so that one more item always fits. */
const FRAME_BYTES = 4 * 1024 * 1024;

function split<T>(items: readonly T[], sizeOf: (item: T) => number): T[][] {
  const parts: T[][] = [];
  let left = 0;
  for (const item of items) {
    left -= sizeOf(item);
    const part = parts.at(-1);
    if (part !== undefined && left >= 0 && part.length < PER_FRAME) part.push(item);
    else {
      parts.push([item]);
      left = FRAME_BYTES - sizeOf(item);
    }
  }
  return parts;
}

function sizeOfFile({ statements, shares }: RunFile): number {
  const chain = statements.reduce((sum, { statement }) => sum + statement.length + 48, 64);
  return shares.reduce((sum, { sealed }) => sum + sealed.length + 16, chain);
}

/** Files with the acceptances that they name and that were not sent before, as frames of bounded size. */
export function packRunFiles(
  files: readonly RunFile[],
  acceptances: readonly Signed[],
): Uint8Array[] {
  return [
    ...split(acceptances, ({ length }) => length).map((part) =>
      encodeRunFrame({ kind: "acceptances", signed: part }),
    ),
    ...split(files, sizeOfFile).map((part) => encodeRunFrame({ kind: "files", files: part })),
  ];
}

/**
 * Reads frames from bytes as they come: what one service holds of a practice, from the first link on, for one that lacks some
 * of it. Begins with `start` and ends with `end`. Errors: `malformed`, `too-large`, `not-canonical`, `unknown-version`.
 */
export class RunReader {
  #rest: Uint8Array = new Uint8Array();
  #place: "before" | "inside" | "after" = "before";

  /** The frames that these bytes complete. */
  take(bytes: Uint8Array): RunFrame[] {
    this.#rest = this.#rest.length === 0 ? bytes : concatBytes(this.#rest, bytes);
    const frames: RunFrame[] = [];
    for (let body = this.#next(); body !== null; body = this.#next())
      frames.push(this.#inOrder(decodeShape(frameShape, body)));
    return frames;
  }

  #next(): Uint8Array | null {
    const rest = this.#rest;
    if (rest.length < LENGTH_BYTES) return null;
    const length = new DataView(rest.buffer, rest.byteOffset).getUint32(0);
    if (length > LIMITS.messageBytes) throw new CoreError("too-large");
    const end = LENGTH_BYTES + length;
    if (rest.length < end) return null;
    this.#rest = rest.subarray(end);
    return rest.subarray(LENGTH_BYTES, end);
  }

  #inOrder(frame: RunFrame): RunFrame {
    const isFirst = this.#place === "before";
    ensure(this.#place !== "after" && (frame.kind === "start") === isFirst, "malformed");
    this.#place = frame.kind === "end" ? "after" : "inside";
    return frame;
  }

  /** Refuses a run that was cut off. Error: `malformed`. */
  finish(): void {
    ensure(this.#place === "after" && this.#rest.length === 0, "malformed");
  }
}
