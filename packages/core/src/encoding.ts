import { readCbor } from "./cborReader.ts";
import { writeCbor } from "./cborWriter.ts";
import { CoreError } from "./errors.ts";
import { LIMITS } from "./limits.ts";

/** What the formats are made of: no floats, no tags, no undefined. */
export type Wire = number | string | boolean | null | Uint8Array | Wire[] | Map<string, Wire>;

/** Deterministic CBOR of a wire value (RFC 8949 §4.2.1). */
export function encodeCbor(value: Wire): Uint8Array {
  return writeCbor(value);
}

/**
 * The wire value of deterministic CBOR (RFC 8949 §4.2.1). What may be larger than a message was written by the reader itself, so
 * its values are not counted.
 * Errors: `too-large` over `maxBytes`, the depth limit or the count of values, `not-canonical`, `malformed`.
 */
export function decodeCbor(bytes: Uint8Array, maxBytes: number = LIMITS.messageBytes): Wire {
  if (bytes.length > maxBytes) throw new CoreError("too-large");
  return readCbor(bytes, maxBytes > LIMITS.messageBytes ? Infinity : LIMITS.items);
}
