import type { FileId, PracticeId } from "./brand.ts";
import { ensure } from "./errors.ts";
import { LABELS, labelled } from "./labels.ts";
import { encodeShape, id, record, uint } from "./shape.ts";
import { Secret } from "./secretValue.ts";
import { boxOpen, boxSeal, hkdf } from "./suite.ts";

/** Which epoch of which file a gate half belongs to. */
export interface ShareContext {
  readonly practice: PracticeId;
  readonly file: FileId;
  readonly epoch: number;
}
const contextShape = record({ practice: id<PracticeId>(), file: id<FileId>(), epoch: uint() });

/** The gate's key-encryption key, 32 bytes from its 0600 file. Error: `malformed`. */
export function gateEncryptionKey(bytes: Uint8Array): Secret<"gate-encryption-key"> {
  ensure(bytes.length === 32, "malformed");
  return Secret.own("gate-encryption-key", Uint8Array.from(bytes));
}

/** The gate's lookup key, 32 bytes from its 0600 file. Error: `malformed`. */
export function gateLookupKey(bytes: Uint8Array): Secret<"lookup-gate"> {
  ensure(bytes.length === 32, "malformed");
  return Secret.own("lookup-gate", Uint8Array.from(bytes));
}

/** Seals a gate half for rest; the vault keeps a copy, so a lost gate can be rebuilt. */
export function sealShare(
  key: Secret<"gate-encryption-key">,
  context: ShareContext,
  share: Uint8Array,
): Uint8Array {
  ensure(share.length === 32, "malformed");
  const info = labelled(LABELS.gateShare, encodeShape(contextShape, context));
  return boxSeal(hkdf(Secret.reveal(key), info), info, share);
}

/** Opens a gate half at rest: the one thing that a service can open, and of no use without a member half. Error: `open-failed`. */
export function openShare(
  key: Secret<"gate-encryption-key">,
  context: ShareContext,
  sealed: Uint8Array,
): Uint8Array {
  const info = labelled(LABELS.gateShare, encodeShape(contextShape, context));
  return boxOpen(hkdf(Secret.reveal(key), info), info, sealed);
}
