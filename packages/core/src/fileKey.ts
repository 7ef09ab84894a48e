import type { FileId, PracticeId } from "./brand.ts";
import { COMPARTMENTS, type Compartment } from "./authority.ts";
import { concatBytes } from "./bytes.ts";
import { CoreError, ensure } from "./errors.ts";
import { LABELS, labelled } from "./labels.ts";
import { code, encodeShape, id, record, uint } from "./shape.ts";
import { Secret } from "./secretValue.ts";
import { boxOpen, boxSeal, equalSecret, hkdf, randomBytes } from "./suite.ts";

/** Which epoch of which file a key is for. */
export interface FileContext {
  readonly practice: PracticeId;
  readonly file: FileId;
  readonly compartment: Compartment;
  readonly epoch: number;
}
const contextShape = record({
  practice: id<PracticeId>(),
  file: id<FileId>(),
  compartment: code(COMPARTMENTS),
  epoch: uint(),
});

/** Fresh halves of a new epoch: S for the members, G for the gate; 32 bytes each. */
export function generateHalves(): { member: Secret<"member-half">; gate: Secret<"gate-half"> } {
  return {
    member: Secret.own("member-half", randomBytes(32)),
    gate: Secret.own("gate-half", randomBytes(32)),
  };
}

/** The bytes of a gate half, for the one request that carries its create or rekey. */
export function gateHalfBytes(half: Secret<"gate-half">): Uint8Array {
  return Uint8Array.from(Secret.reveal(half));
}

/** A gate half as a release brings it. Error: `open-failed`. */
export function gateHalfFromBytes(bytes: Uint8Array): Secret<"gate-half"> {
  ensure(bytes.length === 32, "open-failed");
  return Secret.own("gate-half", Uint8Array.from(bytes));
}

/** K = HKDF(S ‖ G, context): the key of one epoch of one file. */
export function deriveFileKey(
  halves: { member: Secret<"member-half">; gate: Secret<"gate-half"> },
  context: FileContext,
): Secret<"file-key"> {
  const ikm = concatBytes(Secret.reveal(halves.member), Secret.reveal(halves.gate));
  const key = hkdf(ikm, labelled(LABELS.fileKey, encodeShape(contextShape, context)));
  ikm.fill(0);
  return Secret.own("file-key", key);
}

/** C = HKDF(K, "commit"), 32 bytes, in the signed create or rekey. */
export function commitFileKey(key: Secret<"file-key">): Uint8Array {
  return hkdf(Secret.reveal(key), labelled(LABELS.fileCommit));
}

/** Checks a key against the commitment in the chain, before anything is opened with it. Error: `open-failed`. */
export function checkFileKey(key: Secret<"file-key">, commit: Uint8Array): void {
  if (!equalSecret(commitFileKey(key), commit)) throw new CoreError("open-failed");
}

/** Seals the key of the epoch before under the new one; `context` is the new epoch's. */
export function sealPriorKey(
  next: Secret<"file-key">,
  prior: Secret<"file-key">,
  context: FileContext,
): Uint8Array {
  const info = labelled(LABELS.priorEpoch, encodeShape(contextShape, context));
  return boxSeal(hkdf(Secret.reveal(next), info), info, Secret.reveal(prior));
}

/** Opens the key of the epoch before; `context` is the newer epoch's. Error: `open-failed`. */
export function openPriorKey(
  next: Secret<"file-key">,
  sealed: Uint8Array,
  context: FileContext,
): Secret<"file-key"> {
  const info = labelled(LABELS.priorEpoch, encodeShape(contextShape, context));
  return Secret.own("file-key", boxOpen(hkdf(Secret.reveal(next), info), info, sealed));
}
