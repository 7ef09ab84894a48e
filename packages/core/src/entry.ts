import type { DraftId, EntryId } from "./brand.ts";
import { bytesToHash, bytesToId, idToBytes } from "./brand.ts";
import { ensure } from "./errors.ts";
import type { FileContext } from "./fileKey.ts";
import { COMPARTMENTS } from "./authority.ts";
import type { FileId, PracticeId } from "./brand.ts";
import { LABELS, labelled } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import { pad, unpad } from "./padding.ts";
import { ENTRY_CLASSES, type EntryHeader } from "./recordChain.ts";
import { code, encodeShape, id, record, uint, version } from "./shape.ts";
import { Secret } from "./secretValue.ts";
import { boxOpen, boxSeal, equalSecret, hkdf, hmacSha256, randomBytes, sha256 } from "./suite.ts";

const aadShape = record({
  v: version,
  practice: id<PracticeId>(),
  file: id<FileId>(),
  compartment: code(COMPARTMENTS),
  epoch: uint(),
  entry: id<EntryId>(),
  class: code(ENTRY_CLASSES),
});

/** An entry id of 16 random bytes. */
export function generateEntryId(): EntryId {
  return bytesToId<EntryId>(randomBytes(16));
}

/** The entry id of an imported record: HMAC(import key, source id), so that a second import adds nothing. */
export function importEntryId(key: Secret<"import-key">, sourceId: Uint8Array): EntryId {
  return bytesToId<EntryId>(
    hmacSha256(Secret.reveal(key), labelled(LABELS.importEntry, sourceId)).subarray(0, 16),
  );
}

/** The file id of an imported patient in one compartment, from the same key. */
export function importFileId(key: Secret<"import-key">, sourceId: Uint8Array): FileId {
  return bytesToId<FileId>(
    hmacSha256(Secret.reveal(key), labelled(LABELS.importFile, sourceId)).subarray(0, 16),
  );
}

/** EK = HKDF(K, "entry" ‖ entry id). */
function entryKey(key: Secret<"file-key">, entry: EntryId): Uint8Array {
  return hkdf(Secret.reveal(key), labelled(LABELS.entryKey, idToBytes(entry)));
}

function aadOf(context: FileContext, header: Pick<EntryHeader, "id" | "class">): Uint8Array {
  return labelled(
    LABELS.entry,
    encodeShape(aadShape, { v: 1, ...context, entry: header.id, class: header.class }),
  );
}

/** Seals one body into a box of its size class, with the header that an append carries. Error: `too-large`. */
export function sealEntry(
  key: Secret<"file-key">,
  context: FileContext,
  {
    id: entry,
    class: entryClass,
    body,
    attachment,
  }: Pick<EntryHeader, "id" | "class" | "attachment"> & { body: Uint8Array },
): { header: EntryHeader; box: Uint8Array } {
  const ek = entryKey(key, entry);
  const box = boxSeal(ek, aadOf(context, { id: entry, class: entryClass }), pad(body));
  ensure(box.length <= LIMITS.boxBytes, "too-large");
  const header = {
    id: entry,
    class: entryClass,
    box: bytesToHash(sha256(box)),
    commit: hkdf(ek, labelled(LABELS.entryCommit)),
    ...(attachment === undefined ? {} : { attachment }),
  };
  return { header, box };
}

/**
 * Opens the box that a verified header names: hash, then key commitment, then the seal. `context` carries the epoch of
 * the append. Error: `open-failed`, whatever is wrong.
 */
export function openEntry(
  key: Secret<"file-key">,
  context: FileContext,
  { header, box }: { header: EntryHeader; box: Uint8Array },
): Uint8Array {
  ensure(bytesToHash(sha256(box)) === header.box, "open-failed");
  const ek = entryKey(key, header.id);
  ensure(equalSecret(hkdf(ek, labelled(LABELS.entryCommit)), header.commit), "open-failed");
  return unpad(boxOpen(ek, aadOf(context, header), box));
}

const draftShape = record({
  v: version,
  practice: id<PracticeId>(),
  file: id<FileId>(),
  compartment: code(COMPARTMENTS),
  epoch: uint(),
  draft: id<DraftId>(),
});

/** Seals a draft, a mutable cell beside the record chain. */
export function sealDraft(
  key: Secret<"file-key">,
  context: FileContext,
  { draft, body }: { draft: DraftId; body: Uint8Array },
): Uint8Array {
  const info = labelled(LABELS.draft, encodeShape(draftShape, { v: 1, ...context, draft }));
  return boxSeal(hkdf(Secret.reveal(key), info), info, pad(body));
}

/** Opens a draft. Error: `open-failed`. */
export function openDraft(
  key: Secret<"file-key">,
  context: FileContext,
  { draft, box }: { draft: DraftId; box: Uint8Array },
): Uint8Array {
  const info = labelled(LABELS.draft, encodeShape(draftShape, { v: 1, ...context, draft }));
  return unpad(boxOpen(hkdf(Secret.reveal(key), info), info, box));
}
