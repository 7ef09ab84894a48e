import type { EntryId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  amendNote,
  findNoteTemplate,
  foldNotes,
  signNote,
  type NoteContent,
  type NoteDraft,
  type NoteHistory,
} from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { ClientError, hardStop } from "../errors.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody, readRecords, type ReadRecord } from "./body.ts";
import { findPatientFiles, openOne } from "./patients.ts";

/** Opens the care file of a patient. Error: `unknown-record`. */
export async function openCare(client: Client, patient: string): Promise<KnownFile> {
  const { care } = await findPatientFiles(client, patient);
  if (care === null) throw new ClientError("unknown-record");
  return openOne(client.context, care, "documentation");
}

function templateOf(id: string): NonNullable<ReturnType<typeof findNoteTemplate>> {
  const template = findNoteTemplate(id);
  if (template === undefined)
    throw new ClientError("input-rejected", { detail: "template: unknown" });
  return template;
}

/** Signs and locks a note in a care file. Errors of practice: `note-invalid`, `record-invalid` with the fields. */
export async function addNote(
  client: Client,
  care: KnownFile,
  content: NoteContent,
): Promise<EntryId> {
  const at = authorTime(client.context);
  const draft: NoteDraft = { v: 1, type: "noteDraft", at, author: client.member, ...content };
  const note = signNote(draft, templateOf(content.template), { at, trainee: false });
  const id = generateEntryId();
  await appendEntries(client.context, [
    { file: care, entries: [{ id, class: "entry", body: encodeBody("care", note) }] },
  ]);
  return id;
}

/** The notes of an open care file with their amendments. Hard stop: a note names another author than the one who signed it. */
export function readNotes(client: Client, care: KnownFile): NoteHistory[] {
  const records = readRecords(client.context, care, { compartment: "care" });
  checkAuthors(records);
  return foldNotes(records.map(({ id, body }) => ({ entry: id, body })));
}

/**
 * Hard stop: an entry names another author than the member who signed it. Whoever imported it from another practice's export has
 * signed, beside it, who wrote it there.
 */
export function checkAuthors(records: readonly ReadRecord<"care">[]): void {
  const toldBy = new Map<string, string>();
  for (const { body, member } of records)
    if (body.type === "origin") for (const { entry } of body.lines) toldBy.set(entry, member);
  for (const { id, body, member } of records) {
    const claimed = "author" in body && body.type !== "document" ? body.author : member;
    if (claimed !== member && toldBy.get(id) !== member)
      throw hardStop("a note names another author than its signature");
  }
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
    template: templateOf(content.template),
  });
  const id = generateEntryId();
  await appendEntries(client.context, [
    { file: care, entries: [{ id, class: "entry", body: encodeBody("care", amendment) }] },
  ]);
  return id;
}
