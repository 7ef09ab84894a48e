import type { EntryId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import type { Exported } from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody } from "../records/body.ts";

/** Writes into a care file that a part of it is given out, before it is: on paper, or as a file outside. Error of practice: `record-invalid`. */
export async function logGivenOut(
  { context, member }: Client,
  care: KnownFile,
  { to, reason, part }: { to: string; reason: Exported["reason"]; part: string },
): Promise<EntryId> {
  const body = encodeBody("care", {
    v: 1,
    type: "export",
    at: authorTime(context),
    author: member,
    to,
    reason,
    parts: [part],
    withheld: 0,
  });
  const entry = { id: generateEntryId(), class: "entry" as const, body };
  await appendEntries(context, [{ file: care, entries: [entry] }]);
  return entry.id;
}
