import type { FileId, PracticeId } from "./brand.ts";
import { concatBytes } from "./bytes.ts";
import { CoreError, ensure } from "./errors.ts";
import { GatheredBytes } from "./gatheredBytes.ts";
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

/** A frame begins with room for this many bytes: what its length promises may never come. */
const FIRST_BYTES = 64 * 1024;

/**
 * Reads frames from bytes as they come: what one service holds of a practice, from the first link on, for one that lacks some
 * of it. Begins with `start` and ends with `end`. Errors: `malformed`, `too-large`, `not-canonical`, `unknown-version`.
 */
export class RunReader {
  #head = new GatheredBytes({ first: LENGTH_BYTES, most: LENGTH_BYTES });
  /** The frame that has begun, and how long it will be. */
  #body: { readonly length: number; readonly come: GatheredBytes } | null = null;
  #place: "before" | "inside" | "after" = "before";

  /** The frames that these bytes complete. */
  take(bytes: Uint8Array): RunFrame[] {
    const frames: RunFrame[] = [];
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#body === null) {
        rest = this.#fill(this.#head, LENGTH_BYTES, rest);
        if (this.#head.length === LENGTH_BYTES) this.#begin();
      }
      if (this.#body === null) break;
      rest = this.#fill(this.#body.come, this.#body.length, rest);
      if (this.#body.come.length === this.#body.length) frames.push(this.#end(this.#body.come));
    }
    return frames;
  }

  /** Gives what is too much. */
  #fill(into: GatheredBytes, length: number, bytes: Uint8Array): Uint8Array {
    const lacking = length - into.length;
    into.add(bytes.subarray(0, lacking));
    return bytes.subarray(lacking);
  }

  #begin(): void {
    const head = this.#head.join();
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
    if (length > LIMITS.messageBytes) throw new CoreError("too-large");
    this.#head = new GatheredBytes({ first: LENGTH_BYTES, most: LENGTH_BYTES });
    this.#body = { length, come: new GatheredBytes({ first: FIRST_BYTES, most: length }) };
  }

  #end(come: GatheredBytes): RunFrame {
    this.#body = null;
    return this.#inOrder(decodeShape(frameShape, come.join()));
  }

  #inOrder(frame: RunFrame): RunFrame {
    const isFirst = this.#place === "before";
    ensure(this.#place !== "after" && (frame.kind === "start") === isFirst, "malformed");
    this.#place = frame.kind === "end" ? "after" : "inside";
    return frame;
  }

  /** Refuses a run that was cut off. Error: `malformed`. */
  finish(): void {
    const isWhole = this.#body === null && this.#head.length === 0;
    ensure(this.#place === "after" && isWhole, "malformed");
  }
}
