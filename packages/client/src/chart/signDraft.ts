import type { DraftId, EntryId } from "@sinetti/core";
import {
  amendNote,
  carriedSections,
  lastNoteOf,
  parseDraft,
  signNote,
  startDraft,
  type EditedNote,
  type NoteAmendment,
  type NoteSection,
  type NoteSession,
  type SessionNote,
} from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { mustWait } from "../errors.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody } from "../records/body.ts";
import { findNote, readNotes } from "../records/notes.ts";
import { strikeCell } from "./draftCell.ts";
import type { DraftDesk, OpenDraft } from "./draftDesk.ts";
import { isTrainee } from "./leased.ts";
import { findTemplate, templateOf } from "./noteTemplates.ts";
import { standsAs } from "./signedDraft.ts";
import { finishNote } from "./unfinished.ts";

/** What became of a signature. */
export type Signed =
  /** It stands and is locked; `pending`: until a supervisor countersigns. */
  | { readonly state: "signed" | "pending"; readonly entry: EntryId }
  /** The vault does not answer: it is signed, sealed on this device, and goes out when the vault is back. */
  | { readonly state: "waiting"; readonly entry: EntryId }
  /** Another device had signed this draft with other words: theirs stands, and what was to be signed here is a draft of its own. */
  | { readonly state: "signed-elsewhere"; readonly entry: EntryId; readonly draft: OpenDraft };

/** What a note began with of an earlier one, and the date of that one's session. */
export interface Carried {
  readonly on: string;
  readonly sections: readonly NoteSection[];
}

/** A new draft on a template; what carries forward is as the last note left it, whatever its template. Error: `input-rejected`. */
export async function beginNote(
  client: Client,
  care: KnownFile,
  { template: id, session }: { template: string; session: NoteSession },
): Promise<EditedNote> {
  const template = await findTemplate(client, id);
  const last = lastNoteOf(readNotes(client, care), template);
  return startDraft(template, session, {
    at: authorTime(client.context),
    author: client.member,
    ...(last === undefined ? {} : { last }),
  });
}

/** What a draft began with of another note, and the date of that note's session; null: it began empty. Error: `unknown-record`. */
export async function carriedInto(
  client: Client,
  care: KnownFile,
  draft: EditedNote,
): Promise<Carried | null> {
  if (draft.carriedFrom === undefined) return null;
  const note = findNote(client, care, draft.carriedFrom);
  const sections = carriedSections(await templateOf(client, draft), note);
  return sections.length === 0 ? null : { on: note.current.session.date, sections };
}

/** A draft of a correction: the note as it stands, to be changed. Error: `unknown-record`. */
export function beginAmendment(client: Client, care: KnownFile, entry: string): EditedNote {
  const { current } = findNote(client, care, entry);
  const at = authorTime(client.context);
  const head = { v: 1 as const, type: "noteDraft" as const, at, author: client.member };
  return { ...head, ...current, amends: entry, reason: "" };
}

/** The entry that a draft becomes. Errors of practice: `note-invalid`, `record-invalid`. */
export async function noteEntry(
  client: Client,
  care: KnownFile,
  draft: EditedNote,
): Promise<SessionNote | NoteAmendment> {
  const at = authorTime(client.context);
  const template = await templateOf(client, draft);
  const { amends, reason, ...note } = draft;
  if (amends === undefined) {
    const own = { ...note, author: client.member };
    return signNote(own, template, { at, trainee: await isTrainee(client) });
  }
  const how = { at, author: client.member, reason: reason ?? "", template };
  return amendNote(findNote(client, care, amends), draft, how);
}

/**
 * Signs and locks a draft: one round trip, after which the note stands; then the draft is dropped and the caseload cleared side by
 * side. The entry takes the draft's id, so that a signature which is sent twice, or by two devices, gives one note.
 * Errors of practice: `note-invalid`, `record-invalid`; nothing is written then, and the draft stays.
 */
export async function signDraft(
  client: Client,
  desk: DraftDesk,
  { care, id, body }: { care: KnownFile; id: DraftId; body: EditedNote },
): Promise<Signed> {
  const { context } = client;
  const draft = parseDraft(body) as EditedNote;
  const note = await noteEntry(client, care, draft);
  const entry = id as string as EntryId;
  const entries = [{ id: entry, class: "entry" as const, body: encodeBody("care", note) }];
  try {
    await appendEntries(context, [{ file: care, entries }]);
  } catch (error) {
    if (mustWait(error)) return { state: "waiting", entry };
    throw error;
  }
  const signed = await lockedOrBeside(client, desk, { file: care, entry, draft });
  if (signed !== null) return signed;
  await tidyDraft(client, desk, { file: care, id, body: draft });
  return { state: note.type === "sessionNote" ? note.status : "signed", entry };
}

/** Null: the entry stands as it was signed here. */
export async function lockedOrBeside(
  client: Client,
  desk: DraftDesk,
  {
    file,
    entry,
    draft,
  }: { file: KnownFile; entry: EntryId; draft: Parameters<DraftDesk["save"]>[1]["body"] },
): Promise<Extract<Signed, { state: "signed-elsewhere" }> | null> {
  const { context } = client;
  if (await standsAs(context, file, { entry, draft })) return null;
  const beside = await desk.save(file, { id: null, body: draft });
  await context.device.write([strikeCell(file.file, entry as string as DraftId)]);
  return { state: "signed-elsewhere", entry, draft: beside.draft };
}

/** Drops what is left of a draft that was signed. Where a service does not take it now, the next opening finds it signed. */
export async function tidyDraft(
  client: Client,
  desk: DraftDesk,
  {
    file,
    id,
    body,
  }: { file: KnownFile; id: DraftId; body: Parameters<DraftDesk["save"]>[1]["body"] },
): Promise<void> {
  const clear = async (): Promise<void> => {
    if (body.type !== "noteDraft" || body.amends !== undefined) return;
    await finishNote(client, file.file, { sessionDate: body.session.date, draft: id });
  };
  await Promise.all([desk.clear(file, id), clear()]);
}
