import { RIGHTS, grantsAt, type CaseId, type DraftId, type EntryId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  parseDraft,
  processNoteWarnings,
  readProcess,
  type ProcessBody,
  type ProcessDraft,
  type ProcessNoteWarning,
  type TimelineItem,
} from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { createFiles } from "../createFiles.ts";
import { ClientError, mustWait } from "../errors.ts";
import { fetchFiles } from "../fetchFiles.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody, readRecords } from "../records/body.ts";
import { openOne } from "../records/patients.ts";
import { listGranted } from "../records/practiceFiles.ts";
import { findInRoster } from "../records/roster.ts";
import type { DraftDesk } from "./draftDesk.ts";
import { changeRosterLine, leasedRoster } from "./leased.ts";
import { findRecord, partRef } from "./recordRefs.ts";
import { lockedOrBeside, tidyDraft, type Signed } from "./signDraft.ts";

/** Whether a process file is this member's own: nobody reads another's, whatever else they may. */
export function isOwnProcess({ member }: Client, { access }: Pick<KnownFile, "access">): boolean {
  return grantsAt(access).some(
    ({ grant: { subject, rights } }) =>
      subject.type === "member" && subject.id === member && (rights & RIGHTS.write) !== 0,
  );
}

/**
 * Opens this therapist's process notes of a patient; at first use they get a file of their own, which only the caseload names. Without
 * `canRecover` the trustees of the practice cannot bring it back: whoever loses every device and the kit loses it too. Error:
 * `unknown-record` for who has no care file of the patient.
 */
export async function openProcess(
  client: Client,
  patient: string,
  { canRecover = false }: { canRecover?: boolean } = {},
): Promise<KnownFile> {
  const { context } = client;
  const { parts, line } = await findRecord(client, patient);
  const known = parts.find(({ compartment }) => compartment === "process");
  if (known !== undefined) return openOne(context, known, "documentation");
  const care = parts.find(({ compartment }) => compartment === "care");
  if (care === undefined || line === null) throw new ClientError("unknown-record");
  const { access } = await openOne(context, care, "documentation");
  const file =
    (await findLoose(client, access.case)) ??
    (await createProcess(client, access.case, canRecover));
  // A file that nothing names would be lost; where another of this therapist's devices was first, theirs counts.
  await changeRosterLine(client, line.patient, (each) => ({
    ...each,
    files: { ...each.files, process: each.files.process ?? file.file },
  }));
  const named = findInRoster(await leasedRoster(client), line.patient)?.files.process;
  if (named !== undefined && named !== file.file)
    return openOne(context, partRef("process", named), "documentation");
  if (file.links.length === 0)
    await appendBody(client, file, {
      v: 1,
      type: "links",
      at: authorTime(context),
      identity: line.patient,
      care: care.file,
    });
  return file;
}

async function createProcess(
  { context }: Client,
  caseId: CaseId | null,
  recovery: boolean,
): Promise<KnownFile> {
  const [file] = await createFiles(context, [
    { file: null, compartment: "process", case: caseId, site: null, grants: [], recovery },
  ]);
  if (file === undefined) throw new TypeError("no file was created");
  return file;
}

/** A process file of this therapist for the same patient that the caseload does not name: it was cut off, or the caseload is new. */
async function findLoose(client: Client, caseId: CaseId | null): Promise<KnownFile | null> {
  const { context } = client;
  const { values } = await leasedRoster(client);
  const named = new Set([...values.values()].flatMap(({ files }) => Object.values(files)));
  const loose = (await listGranted(context, "what")).filter(
    ({ file, compartment }) => compartment === "process" && !named.has(file),
  );
  if (loose.length === 0) return null;
  const fetched = await fetchFiles(context, loose, { boxes: false });
  const found = [...fetched.values()].find(
    ({ file }) => file.access.case === caseId && isOwnProcess(client, file),
  );
  return found === undefined ? null : openOne(context, found.file, "documentation");
}

/** The process notes of an open file, newest first, with what may belong in the record. Error: `refused` for another's. */
export function readProcessNotes(client: Client, file: KnownFile): TimelineItem[] {
  if (!isOwnProcess(client, file))
    throw new ClientError("refused", { detail: "process notes of somebody else" });
  return readProcess(
    readRecords(client.context, file, { compartment: "process" }).map(({ id, member, body }) => ({
      entry: id,
      member,
      body,
    })),
  );
}

/** A process note that is being written. */
export function beginProcessNote(
  client: Client,
  {
    sessionDate,
    replaces,
    text = "",
  }: { sessionDate?: string; replaces?: string; text?: string } = {},
): ProcessDraft {
  return {
    v: 1,
    type: "processDraft",
    at: authorTime(client.context),
    author: client.member,
    text,
    ...(sessionDate === undefined ? {} : { sessionDate }),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

/** Signs a process note, and says what of it may belong in the record. */
export async function signProcessNote(
  client: Client,
  desk: DraftDesk,
  { file, id, body }: { file: KnownFile; id: DraftId; body: ProcessDraft },
): Promise<Signed & { readonly warnings: readonly ProcessNoteWarning[] }> {
  const draft = parseDraft(body) as ProcessDraft;
  const { text, sessionDate, replaces } = draft;
  const warnings = processNoteWarnings(text);
  const entry = id as string as EntryId;
  const note: ProcessBody = {
    v: 1,
    type: "processNote",
    at: authorTime(client.context),
    text,
    ...(sessionDate === undefined ? {} : { sessionDate }),
    ...(replaces === undefined ? {} : { replaces }),
  };
  try {
    await appendBody(client, file, note, entry);
  } catch (error) {
    if (mustWait(error)) return { state: "waiting", entry, warnings };
    throw error;
  }
  const elsewhere = await lockedOrBeside(client, desk, { file, entry, draft });
  if (elsewhere !== null) return { ...elsewhere, warnings };
  await tidyDraft(client, desk, { file, id, body: draft });
  return { state: "signed", entry, warnings };
}

/** Appends one record to a process file. */
export async function appendBody(
  { context }: Client,
  file: KnownFile,
  body: ProcessBody,
  id: EntryId = generateEntryId(),
): Promise<EntryId> {
  const entries = [{ id, class: "entry" as const, body: encodeBody("process", body) }];
  await appendEntries(context, [{ file, entries }]);
  return id;
}
