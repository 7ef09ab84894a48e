import type { FileId } from "./brand.ts";
import { bytesToId } from "./brand.ts";
import { LABELS, labelled } from "./labels.ts";
import { cellKey, type LookupTerm } from "./lookup.ts";
import type { Secret } from "./secretValue.ts";
import { boxOpen } from "./suite.ts";

/** Opens a lookup cell. Error: `open-failed`. */
export function openLookupCell(
  key: Secret<"lookup-site">,
  term: LookupTerm,
  cell: Uint8Array,
): FileId {
  return bytesToId<FileId>(boxOpen(cellKey(key, term), labelled(LABELS.lookupCell), cell));
}
