import { CoreError, decodeShape, encodeShape, shapes, type OrderId } from "@sinetti/core";
import { ClientError } from "../errors.ts";
import type { ReviewRecord } from "./round.ts";

const BYTES = 16 * 1024 * 1024;
const fileShape = shapes.record({
  v: shapes.version,
  round: shapes.id<OrderId>(),
  snapshot: shapes.maxBytes(BYTES),
  decisions: shapes.maxBytes(BYTES),
});

/** The document of a round as a file. */
export function encodeReviewRecord({ round, snapshot, decisions }: ReviewRecord): Uint8Array {
  return encodeShape(fileShape, { v: 1, round, snapshot, decisions });
}

/** Reads the document of a round; what it says counts once `verifyReviewRecord` has held it against the chain. Error: `input-rejected`. */
export function decodeReviewRecord(bytes: Uint8Array): ReviewRecord {
  try {
    const { round, snapshot, decisions } = decodeShape(fileShape, bytes, 2 * BYTES);
    return { round, snapshot, decisions };
  } catch (cause) {
    if (cause instanceof CoreError)
      throw new ClientError("input-rejected", {
        detail: "review: not the record of a round",
        cause,
      });
    throw cause;
  }
}
