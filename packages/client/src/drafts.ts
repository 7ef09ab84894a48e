import { VAULT_ROUTES, bytesToId, epochAt, randomBytes, type DraftId } from "@sinetti/core";
import { openDraft, sealDraft } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { ClientError } from "./errors.ts";
import type { SealedDrafts } from "./fetchFiles.ts";
import type { KnownFile } from "./fileCache.ts";

/** A draft as opened; `revision` goes with the next change, so that two devices never overwrite each other unseen. */
export interface Draft {
  readonly id: DraftId;
  readonly revision: number;
  readonly body: Uint8Array;
}

function keyOf(
  file: KnownFile,
  epoch: number,
): {
  key: NonNullable<ReturnType<KnownFile["keys"]["get"]>>;
  context: {
    practice: KnownFile["access"]["practice"];
    file: KnownFile["file"];
    compartment: KnownFile["access"]["compartment"];
    epoch: number;
  };
} {
  const key = file.keys.get(epoch);
  if (key === undefined) throw new ClientError("refused", { detail: "the record is not open" });
  return {
    key,
    context: {
      practice: file.access.practice,
      file: file.file,
      compartment: file.access.compartment,
      epoch,
    },
  };
}

/** A fresh draft id. */
export function generateDraftId(): DraftId {
  return bytesToId<DraftId>(randomBytes(16));
}

/** Saves a draft, a mutable sealed cell; `draft` null makes a new one. ServiceRefusal `conflict`: another device saved since. */
export async function saveDraft(
  context: Context,
  file: KnownFile,
  { draft, body }: { draft: Pick<Draft, "id" | "revision"> | null; body: Uint8Array },
): Promise<Draft> {
  const { epoch } = epochAt(file.access);
  const id = draft?.id ?? generateDraftId();
  const { key, context: keyContext } = keyOf(file, epoch);
  const box = sealDraft(key, keyContext, { draft: id, body });
  const { answer } = await context.services.call(file.vault, VAULT_ROUTES.draftPut, {
    file: file.file,
    draft: id,
    epoch,
    revision: draft?.revision ?? 0,
    box,
  });
  return { id, revision: answer.revision, body };
}

/** The drafts of a file that is open. */
export async function readDrafts(context: Context, file: KnownFile): Promise<Draft[]> {
  const { answer } = await context.services.call(file.vault, VAULT_ROUTES.draftList, {
    file: file.file,
  });
  return openDrafts(file, answer.drafts);
}

/** Opens drafts of a file that is open. Error of core: `open-failed`. */
export function openDrafts(file: KnownFile, sealed: SealedDrafts): Draft[] {
  return sealed.map(({ draft, epoch, revision, box }) => {
    const { key, context: keyContext } = keyOf(file, epoch);
    return { id: draft, revision, body: openDraft(key, keyContext, { draft, box }) };
  });
}

/** Drops a draft: it was signed, or thrown away. ServiceRefusal `conflict`, where a revision is given: another device saved since. */
export async function dropDraft(
  context: Context,
  file: KnownFile,
  { draft, revision }: { draft: DraftId; revision?: number },
): Promise<void> {
  await context.services.call(file.vault, VAULT_ROUTES.draftDrop, {
    file: file.file,
    draft,
    ...(revision === undefined ? {} : { revision }),
  });
}
