import type { FileId, PracticeId } from "./brand.ts";
import { idToBytes } from "./brand.ts";
import { ensure } from "./errors.ts";
import { LABELS, labelled } from "./labels.ts";
import { encodeShape, record, text } from "./shape.ts";
import { Secret } from "./secretValue.ts";
import { boxSeal, hkdf, hmacSha256 } from "./suite.ts";

/** A patient is found by one exact field. */
export interface LookupTerm {
  readonly field: "name" | "name-born" | "phone" | "code";
  /** Normalised by the caller. */
  readonly value: string;
}
const termShape = record({ field: text(), value: text(512) });

function termBytes(term: LookupTerm): Uint8Array {
  return encodeShape(termShape, { field: term.field, value: term.value });
}

/** The lookup key of a site, 32 bytes, as the directory keeps it. Error: `malformed`. */
export function lookupSiteKey(bytes: Uint8Array): Secret<"lookup-site"> {
  ensure(bytes.length === 32, "malformed");
  return Secret.own("lookup-site", Uint8Array.from(bytes));
}

/** t1 = HMAC(site key, field ‖ value), made on the device; 32 bytes. */
export function lookupToken(key: Secret<"lookup-site">, term: LookupTerm): Uint8Array {
  return hmacSha256(Secret.reveal(key), labelled(LABELS.lookupSite, termBytes(term)));
}

/** Seals a file id under HKDF(site key, field ‖ value): who does not know the value cannot open it. */
export function sealLookupCell(
  key: Secret<"lookup-site">,
  term: LookupTerm,
  file: FileId,
): Uint8Array {
  return boxSeal(cellKey(key, term), labelled(LABELS.lookupCell), idToBytes(file));
}

/** The key of a lookup cell: HKDF(site key, field ‖ value), 32 bytes. */
export function cellKey(key: Secret<"lookup-site">, term: LookupTerm): Uint8Array {
  return hkdf(Secret.reveal(key), labelled(LABELS.lookupCell, termBytes(term)));
}

/** t2 = HMAC(gate's lookup key, practice ‖ t1), made by the gate alone; 32 bytes. */
export function gateLookupToken(
  key: Secret<"lookup-gate">,
  practice: PracticeId,
  token: Uint8Array,
): Uint8Array {
  return hmacSha256(Secret.reveal(key), labelled(LABELS.lookupGate, idToBytes(practice), token));
}
