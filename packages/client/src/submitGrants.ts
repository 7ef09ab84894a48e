import {
  LIMITS,
  accessHead,
  epochAt,
  hashStatement,
  hashWraps,
  practiceHead,
  type FileId,
  type Place,
  type Secret,
  type Signed,
  type Wrap,
} from "@sinetti/core";
import { createBatch, sealBatchWrap, sealWrap, signAccessStatement } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import type { GrantWish } from "./createFiles.ts";
import type { KnownFile } from "./fileCache.ts";
import { recipientOf } from "./keyring.ts";
import { submitAccess } from "./submitAccess.ts";

/** One grant to give: the file, its member half, and to whom. */
export interface GrantItem {
  readonly file: KnownFile;
  readonly half: Secret<"member-half">;
  readonly wish: GrantWish;
}

/** The batch key of each recipient, made when it is first needed: one encapsulation for any number of files. */
export type Batches = Map<string, ReturnType<typeof createBatch>>;

/**
 * Grants files of one vault: a statement each, as many in a request as fit. With `batches` every recipient gets one batch key,
 * without it each wrap goes straight to its recipient. Several grants of one file follow one another on its chain.
 */
export async function submitGrants(
  context: Context,
  vault: "who" | "what",
  { items, batches }: { items: readonly GrantItem[]; batches: Batches | null },
): Promise<void> {
  for (let start = 0; start < items.length; start += LIMITS.itemsPerBatch) {
    const slice = items.slice(start, start + LIMITS.itemsPerBatch);
    const heads = new Map<FileId, Place>();
    const signed = slice.map((item) => {
      const wrap = wrapFor(context, item, batches);
      const head = heads.get(item.file.file) ?? accessHead(item.file.access);
      const statement = sign(context, item, { wrap, head });
      heads.set(item.file.file, { seq: head.seq + 1, hash: hashStatement(statement) });
      return { statement, share: null, wraps: [wrap] };
    });
    const used = new Set(signed.flatMap(({ wraps }) => wraps.map(({ batch }) => batch)));
    const batchKeys = [...(batches?.values() ?? [])]
      .map(({ sealed }) => sealed)
      .filter(({ batch }) => used.has(batch));
    await submitAccess(context, { vault, items: signed, batchKeys });
  }
}

function wrapFor(context: Context, { file, half, wish }: GrantItem, batches: Batches | null): Wrap {
  const { practice, compartment } = file.access;
  const keyContext = { practice, file: file.file, compartment, epoch: epochAt(file.access).epoch };
  const recipient = recipientOf(context.practice.state, wish.subject);
  if (batches === null) return sealWrap(half, recipient, keyContext);
  const name = `${wish.subject.type}.${wish.subject.id}`;
  const batch = batches.get(name) ?? createBatch(practice, recipient);
  batches.set(name, batch);
  return sealBatchWrap(half, batch, keyContext);
}

function sign(
  { practice, device }: Context,
  { file, wish }: GrantItem,
  { wrap, head }: { wrap: Wrap; head: Place },
): Signed {
  const place = {
    practice: practice.state.practice,
    file: file.file,
    device: device.owner.device,
    head,
  };
  const body = {
    seen: practiceHead(practice.state),
    grant: { ...wish, keyVersion: wrap.keyVersion },
    epoch: epochAt(file.access).epoch,
    wraps: hashWraps([wrap]),
  };
  return signAccessStatement(place, { kind: "grant", body }, device.statement.secret);
}
