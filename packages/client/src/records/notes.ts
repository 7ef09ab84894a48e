import { rolesAt, type EntryId, type MemberId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  amendNote,
  foldNotes,
  signNote,
  type EntryBody,
  type NoteContent,
  type NoteDraft,
  type NoteHistory,
} from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import { isTrainee } from "../chart/leased.ts";
import { templateOf } from "../chart/noteTemplates.ts";
import type { Client } from "../client.ts";
import { ClientError, hardStop } from "../errors.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody, readRecords, type ReadRecord } from "./body.ts";
import { findPatientFiles, openOne } from "./patients.ts";
import { rememberNoted } from "./rosterDays.ts";

/** Opens the care file of a patient. Error: `unknown-record`. */
export async function openCare(client: Client, patient: string): Promise<KnownFile> {
  const { care } = await findPatientFiles(client, patient);
  if (care === null) throw new ClientError("unknown-record");
  return openOne(client.context, care, "documentation");
}

/** Signs and locks a note in a care file. Errors of practice: `note-invalid`, `record-invalid` with the fields. */
export async function addNote(
  client: Client,
  care: KnownFile,
  content: NoteContent,
): Promise<EntryId> {
  const at = authorTime(client.context);
  const draft: NoteDraft = { v: 1, type: "noteDraft", at, author: client.member, ...content };
  const template = await templateOf(client, content);
  const note = signNote(draft, template, { at, trainee: await isTrainee(client) });
  const id = generateEntryId();
  await appendEntries(client.context, [
    { file: care, entries: [{ id, class: "entry", body: encodeBody("care", note) }] },
  ]);
  await rememberNoted(client, care, content.session.date);
  return id;
}

/** The notes of an open care file with their amendments. Hard stop: a note names another author than the one who signed it. */
export function readNotes(client: Client, care: KnownFile): NoteHistory[] {
  return foldNotes(readCareRecords(client, care).map(({ id, body }) => ({ entry: id, body })));
}

/**
 * The records of an open care file whose authors are who they say. A countersignature of somebody who was no supervisor then, by the
 * practice chain, counts for nothing; it stays in the file. Hard stop: an entry names another author than the one who signed it.
 */
export function readCareRecords({ context }: Client, care: KnownFile): ReadRecord<"care">[] {
  const records = readRecords(context, care, { compartment: "care" });
  const toldBy = checkAuthors(records);
  return records.filter(
    ({ id, body, member, seen }) =>
      body.type !== "countersignature" ||
      toldBy.get(id) === member ||
      rolesAt(context.practice.state, member, seen).includes("supervisor"),
  );
}

/**
 * Hard stop: an entry names another author than the member who signed it. Whoever imported it from another practice's export has
 * signed, beside it, who wrote it there.
 */
export function checkAuthors(
  records: readonly ReadRecord<"care">[],
): ReadonlyMap<string, MemberId> {
  const toldBy = new Map<string, MemberId>();
  for (const { body, member } of records)
    if (body.type === "origin") for (const { entry } of body.lines) toldBy.set(entry, member);
  for (const { id, body, member } of records) {
    const claimed = claimedAuthor(body) ?? member;
    if (claimed !== member && toldBy.get(id) !== member)
      throw hardStop("a note names another author than its signature");
  }
  return toldBy;
}

function claimedAuthor(body: EntryBody<"care">): string | undefined {
  if (body.type === "countersignature") return body.supervisor;
  return "author" in body && body.type !== "document" ? body.author : undefined;
}

/** One note. Error: `unknown-record`. */
export function findNote(client: Client, care: KnownFile, entry: string): NoteHistory {
  const note = readNotes(client, care).find((each) => each.entry === entry);
  if (note === undefined) throw new ClientError("unknown-record");
  return note;
}

/** Corrects a signed note by a new entry that names it; the original stays readable. */
export async function addAmendment(
  client: Client,
  care: KnownFile,
  { entry, content, reason }: { entry: string; content: NoteContent; reason: string },
): Promise<EntryId> {
  const note = findNote(client, care, entry);
  const amendment = amendNote(note, content, {
    at: authorTime(client.context),
    author: client.member,
    reason,
    template: await templateOf(client, content),
  });
  const id = generateEntryId();
  await appendEntries(client.context, [
    { file: care, entries: [{ id, class: "entry", body: encodeBody("care", amendment) }] },
  ]);
  return id;
}
