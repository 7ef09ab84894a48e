import { RIGHTS, grantsAt, rolesAt, type EntryId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import { withdrawNote, type Countersignature } from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody } from "../records/body.ts";
import { findNote, readNotes } from "../records/notes.ts";

/** The notes of a care file that wait for a countersignature. */
export function listPendingNotes(client: Client, care: KnownFile): ReturnType<typeof readNotes> {
  return readNotes(client, care).filter(({ state }) => state === "pending");
}

/** Why this member may not countersign a note here; null: they may. */
export function whyNotCountersign(
  client: Client,
  care: KnownFile,
  entry: string,
): "no-supervisor" | "no-write" | "own-note" | "not-pending" | null {
  const { member, practice } = client;
  const note = findNote(client, care, entry);
  if (!rolesAt(practice, member).includes("supervisor")) return "no-supervisor";
  const canWrite = grantsAt(care.access).some(
    ({ grant }) => grant.subject.id === member && (grant.rights & RIGHTS.write) !== 0,
  );
  if (!canWrite) return "no-write";
  if (note.original.author === member) return "own-note";
  return note.state === "pending" ? null : "not-pending";
}

/**
 * Countersigns a trainee's note: by a supervisor who may write in the care file, which takes the role therapist too, since a
 * supervisor alone reads. Error: `refused` with the reason.
 */
export async function countersign(
  client: Client,
  care: KnownFile,
  { entry, remark }: { entry: string; remark?: string },
): Promise<EntryId> {
  const why = whyNotCountersign(client, care, entry);
  if (why !== null) throw new ClientError("refused", { detail: why });
  const body: Countersignature = {
    v: 1,
    type: "countersignature",
    at: authorTime(client.context),
    signs: entry,
    supervisor: client.member,
    ...(remark === undefined ? {} : { remark }),
  };
  return append(client, care, encodeBody("care", body));
}

/** Withdraws a note that was written for a wrong patient: a correction that leaves its session alone, with a reason; the original stays readable. */
export async function withdraw(
  client: Client,
  care: KnownFile,
  { entry, reason }: { entry: string; reason: string },
): Promise<EntryId> {
  const how = { at: authorTime(client.context), author: client.member, reason };
  return append(client, care, encodeBody("care", withdrawNote(findNote(client, care, entry), how)));
}

async function append({ context }: Client, care: KnownFile, body: Uint8Array): Promise<EntryId> {
  const id = generateEntryId();
  await appendEntries(context, [{ file: care, entries: [{ id, class: "entry", body }] }]);
  return id;
}
