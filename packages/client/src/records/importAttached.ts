import type { EntryId, FileId } from "@sinetti/core";
import { appendEntries } from "../appendEntries.ts";
import { putAttachment } from "../attachments.ts";
import type { Client } from "../client.ts";
import { encodeBody } from "./body.ts";
import { heldEntries, type AttachedDraft } from "./importGroup.ts";
import { openOne } from "./patients.ts";

/** What became of such entries. */
export interface AttachedReport {
  readonly entries: number;
  /** Documents that were not in the package: their entries are here without them. */
  readonly missing: number;
}

/** Writes entries with their documents, sealed anew chunk by chunk; what is here already stays. */
export async function importAttached(
  client: Client,
  {
    care,
    drafts,
    open,
  }: {
    care: FileId;
    drafts: readonly AttachedDraft[];
    open: (path: string) => Promise<AsyncIterable<Uint8Array> | null>;
  },
): Promise<AttachedReport> {
  const held = await heldEntries(client, [{ file: care, vault: "what" }]);
  let entries = 0;
  let missing = 0;
  for (const { id, before, body, path } of drafts) {
    if (held.has(id) || held.has((before ?? id) as EntryId)) continue;
    const bytes = path === undefined ? null : await open(path);
    const file = await openOne(client.context, { file: care, vault: "what" }, "import");
    if (bytes === null) {
      missing++;
      const entry = { id, class: "entry" as const, body: encodeBody("care", body) };
      await appendEntries(client.context, [{ file, entries: [entry] }]);
    } else {
      const { link, carried } = await putAttachment(client.context, file, bytes);
      const { attachment, key, chunks, sizeBytes } = link;
      const whole = { ...body, attachment: { id: attachment, key, chunks, sizeBytes } };
      const entry = {
        id,
        class: "attachment" as const,
        body: encodeBody("care", whole),
        attachment: carried,
      };
      await appendEntries(client.context, [{ file, entries: [entry] }]);
    }
    entries++;
  }
  return { entries, missing };
}
