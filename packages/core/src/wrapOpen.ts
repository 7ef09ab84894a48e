import type { PracticeId } from "./brand.ts";
import { ensure } from "./errors.ts";
import { hpkeSeal } from "./hpke.ts";
import { hpkeOpen, type KemKey } from "./hpkeOpen.ts";
import { Secret } from "./secretValue.ts";
import { boxOpen, boxSeal, hkdf, randomBytes } from "./suite.ts";
import {
  batchIdOf,
  batchKeyInfo,
  batchWrapInfo,
  wrapInfo,
  type BatchKey,
  type Recipient,
  type Wrap,
  type WrapContext,
} from "./wrap.ts";

type FileContext = Pick<WrapContext, "practice" | "file" | "epoch" | "compartment">;

/** Seals a member half straight to one subject: one encapsulation. */
export function sealWrap(
  half: Secret<"member-half">,
  recipient: Recipient,
  context: FileContext,
): Wrap {
  const { subject, keyVersion } = recipient;
  const sealed = hpkeSeal(
    recipient.key,
    wrapInfo({ ...context, subject, keyVersion }),
    Secret.reveal(half),
  );
  return { subject, keyVersion, batch: null, sealed };
}

/** A fresh batch key with its sealed form for one recipient: one encapsulation for any number of wraps. */
export function createBatch(
  practice: PracticeId,
  recipient: Recipient,
): { key: Secret<"batch-key">; sealed: BatchKey; recipient: Recipient } {
  const { subject, keyVersion } = recipient;
  const bytes = randomBytes(32);
  const sealed = hpkeSeal(recipient.key, batchKeyInfo({ practice, subject, keyVersion }), bytes);
  const batch = batchIdOf(practice, { subject, keyVersion, sealed });
  return {
    key: Secret.own("batch-key", bytes),
    sealed: { batch, subject, keyVersion, sealed },
    recipient,
  };
}

/** Seals a member half under a batch key. */
export function sealBatchWrap(
  half: Secret<"member-half">,
  batch: ReturnType<typeof createBatch>,
  context: FileContext,
): Wrap {
  const { subject, keyVersion, batch: batchId } = batch.sealed;
  const info = batchWrapInfo({ ...context, subject, keyVersion });
  const sealed = boxSeal(hkdf(Secret.reveal(batch.key), info), info, Secret.reveal(half));
  return { subject, keyVersion, batch: batchId, sealed };
}

/** Opens a batch key. Error: `open-failed`. */
export function openBatchKey(
  sealed: BatchKey,
  key: KemKey,
  practice: PracticeId,
): Secret<"batch-key"> {
  const { batch, subject, keyVersion } = sealed;
  ensure(batchIdOf(practice, sealed) === batch, "open-failed");
  const bytes = hpkeOpen(key, batchKeyInfo({ practice, subject, keyVersion }), sealed.sealed);
  ensure(bytes.length === 32, "open-failed");
  return Secret.own("batch-key", bytes);
}

/** Opens a wrap with the subject's own key or the batch key that it names. Error: `open-failed`. */
export function openWrap(
  wrap: Wrap,
  opener: KemKey | Secret<"batch-key">,
  context: FileContext,
): Secret<"member-half"> {
  const { subject, keyVersion, batch } = wrap;
  const full = { ...context, subject, keyVersion };
  const isBatch = opener instanceof Secret;
  ensure(isBatch === (batch !== null), "open-failed");
  const bytes = isBatch
    ? boxOpen(hkdf(Secret.reveal(opener), batchWrapInfo(full)), batchWrapInfo(full), wrap.sealed)
    : hpkeOpen(opener, wrapInfo(full), wrap.sealed);
  ensure(bytes.length === 32, "open-failed");
  return Secret.own("member-half", bytes);
}
