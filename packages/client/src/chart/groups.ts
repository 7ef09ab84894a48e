import { parseId, type DraftId, type EntryId, type FileId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  findNamedOthers,
  parseDraft,
  type EditedNote,
  type GroupNote,
  type NamedOther,
} from "@sinetti/practice";
import { appendEntries, type AppendWish } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { createFiles, generateCaseId } from "../createFiles.ts";
import { ClientError } from "../errors.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody } from "../records/body.ts";
import { openOne } from "../records/patients.ts";
import type { DraftDesk, OpenDraft } from "./draftDesk.ts";
import { changeRosterLine, leasedRoster } from "./leased.ts";
import { partRef } from "./recordRefs.ts";
import { lockedOrBeside, noteEntry, tidyDraft } from "./signDraft.ts";

/** A couple or group: the file of its shared notes, and its patients, by what the caseload says of each of them. */
export interface Group {
  readonly file: FileId;
  readonly title: string;
  readonly patients: readonly FileId[];
}

/** The couples and groups of this therapist; nothing is opened but the caseload. */
export async function listGroups(client: Client): Promise<Group[]> {
  const found = new Map<string, { title: string; patients: FileId[] }>();
  for (const { patient, groups = [] } of (await leasedRoster(client)).values.values())
    for (const { file, title } of groups) {
      const group = found.get(file) ?? { title, patients: [] };
      group.patients.push(parseId<FileId>(patient));
      found.set(file, group);
    }
  return [...found].map(([file, group]) => ({ file: parseId<FileId>(file), ...group }));
}

/**
 * Makes a couple or group of patients of this caseload. Its shared notes get a process file of their own, with a case of its own, which
 * names nobody: only the caseload says whose it is.
 */
export async function makeGroup(
  client: Client,
  { title, patients }: { title: string; patients: readonly string[] },
): Promise<Group> {
  const { context } = client;
  const { values } = await leasedRoster(client);
  if (new Set(patients).size < 2 || patients.some((patient) => !values.has(patient)))
    throw new ClientError("input-rejected", { detail: "patients: two or more of the caseload" });
  const [file] = await createFiles(context, [
    {
      file: null,
      compartment: "process",
      case: generateCaseId(),
      site: null,
      grants: [],
      recovery: false,
    },
  ]);
  if (file === undefined) throw new TypeError("no file was created");
  for (const patient of patients) await joinGroup(client, { file: file.file, title }, patient);
  return { file: file.file, title, patients: patients.map((each) => parseId<FileId>(each)) };
}

/** Takes a patient of the caseload into a group. */
export async function joinGroup(
  client: Client,
  { file, title }: Pick<Group, "file" | "title">,
  patient: string,
): Promise<void> {
  await changeRosterLine(client, patient, (line) => ({
    ...line,
    groups: [...(line.groups ?? []).filter((each) => each.file !== file), { file, title }],
  }));
}

/** Takes a patient out of a group; what was written stays. */
export async function leaveGroup(
  client: Client,
  { file }: Pick<Group, "file">,
  patient: string,
): Promise<void> {
  await changeRosterLine(client, patient, (line) => ({
    ...line,
    groups: (line.groups ?? []).filter((each) => each.file !== file),
  }));
}

/** One participant's part of a session: the open care file, and the draft that the one editor made for it. */
export interface GroupPart {
  readonly patient: string;
  readonly care: KnownFile;
  readonly id: DraftId;
  readonly body: EditedNote;
}

/** What became of a session's notes. */
export type SignedGroup =
  | {
      readonly state: "signed";
      readonly entries: readonly { patient: string; entry: EntryId }[];
      /** Parts that another device had signed first with other words: theirs stand, these are drafts again. */
      readonly elsewhere: readonly OpenDraft[];
    }
  /** Nothing was written: a note names another participant. */
  | { readonly state: "names-others"; readonly found: readonly NamedOther[] };

/** The file of a group's shared notes. Error: `refused`. */
export async function openGroup(client: Client, { file }: Pick<Group, "file">): Promise<KnownFile> {
  return openOne(client.context, partRef("process", file), "documentation");
}

/**
 * Signs a session of a couple or group: one entry for each patient in their own file and the shared part in the group's, all in one
 * request or none. Refuses notes that name another participant, unless somebody has looked at each place (`isChecked`).
 */
export async function signGroup(
  client: Client,
  desk: DraftDesk,
  session: {
    parts: readonly GroupPart[];
    shared?: { file: KnownFile; text: string };
    isChecked?: boolean;
  },
): Promise<SignedGroup> {
  const { parts, shared, isChecked = false } = session;
  const { values } = await leasedRoster(client);
  const found = findNamedOthers(
    parts.map(({ patient, body }) => ({
      patient,
      name: values.get(patient)?.name ?? "",
      sections: body.sections,
    })),
  );
  if (found.length > 0 && !isChecked) return { state: "names-others", found };
  const drafts = parts.map((part) => ({ ...part, body: parseDraft(part.body) as EditedNote }));
  const wishes: AppendWish[] = [];
  for (const { care, id, body } of drafts)
    wishes.push(
      wish(care, id as string as EntryId, encodeBody("care", await noteEntry(client, care, body))),
    );
  const sessionDate = drafts[0]?.body.session.date;
  if (shared !== undefined && sessionDate !== undefined) {
    const note: GroupNote = {
      v: 1,
      type: "groupNote",
      at: authorTime(client.context),
      sessionDate,
      text: shared.text,
    };
    wishes.push(wish(shared.file, generateEntryId(), encodeBody("process", note)));
  }
  await appendEntries(client.context, wishes);
  const elsewhere: OpenDraft[] = [];
  for (const { care, id, body } of drafts) {
    const beside = await lockedOrBeside(client, desk, {
      file: care,
      entry: id as string as EntryId,
      draft: body,
    });
    if (beside === null) await tidyDraft(client, desk, { file: care, id, body });
    else elsewhere.push(beside.draft);
  }
  const entries = drafts.map(({ patient, id }) => ({ patient, entry: id as string as EntryId }));
  return { state: "signed", entries, elsewhere };
}

function wish(file: KnownFile, id: EntryId, body: Uint8Array): AppendWish {
  return { file, entries: [{ id, class: "entry", body }] };
}
