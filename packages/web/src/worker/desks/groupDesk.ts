import {
  beginNote,
  generateDraftId,
  listGroups,
  makeGroup,
  openGroup,
  signGroup,
  type OpenDraft,
} from "@sinetti/client";
import { parseId, type DraftId, type FileId } from "@sinetti/core";
import type { EditedNote, NoteSession, ProcessDraft } from "@sinetti/practice";

import { recordsOf } from "../openRecords.ts";
import type { Session } from "../session.ts";
import type { DraftOf, EditedDraft, SavedOf } from "./noteDesk.ts";

/** A couple or group of the caseload. */
export interface GroupRow {
  readonly file: string;
  readonly title: string;
  readonly patients: readonly string[];
}

/** One participant's part of a session. */
export interface PartDraft extends EditedDraft {
  readonly patient: string;
  readonly name: string;
}

/** A session of a couple or group in its editor. */
export interface GroupSessionDraft {
  readonly file: string;
  readonly parts: readonly PartDraft[];
  readonly shared: DraftOf<ProcessDraft>;
}

/** What became of the signatures: signed, or notes that name another participant, by section. */
export interface SignedSession {
  readonly isSigned: boolean;
  readonly named: readonly { readonly patient: string; readonly section: string }[];
}

/** Sessions of couples and groups: one editor, one entry for each patient. */
export const makeGroupDesk = (session: Session) => ({
  /** The groups to which a patient belongs. */
  list: async (patient: string): Promise<readonly GroupRow[]> =>
    (await listGroups(session.client)).filter(({ patients }) =>
      patients.includes(parseId<FileId>(patient)),
    ),

  make: (wish: { title: string; patients: readonly string[] }): Promise<GroupRow> =>
    makeGroup(session.client, wish),

  /** Opens each participant's record and the group's own file; goes on with what was begun for that day. */
  begin: async (
    group: GroupRow,
    wish: { template: string; session: NoteSession },
  ): Promise<GroupSessionDraft> => {
    const { client } = session;
    const records = recordsOf(session);
    const parts: PartDraft[] = [];
    for (const patient of group.patients) {
      const { name, drafts } = await records.open(patient);
      const begun = drafts.filter(isNote).find(({ body }) => isOfDay(body, wish.session));
      const care = await records.care(patient);
      const body = begun?.body ?? (await beginNote(client, care, wish));
      parts.push({ patient, name, id: begun?.id ?? generateDraftId(), file: care.file, body });
    }
    const file = await openGroup(client, { file: parseId<FileId>(group.file) });
    const found = (await records.drafts.restore(file, null)).find(
      ({ body }) => body.type === "processDraft" && body.sessionDate === wish.session.date,
    );
    const shared: ProcessDraft = {
      v: 1,
      type: "processDraft",
      at: new Date().toISOString(),
      author: client.member,
      sessionDate: wish.session.date,
      text: "",
    };
    return {
      file: group.file,
      parts,
      shared: {
        id: found?.id ?? generateDraftId(),
        body: (found?.body as ProcessDraft | undefined) ?? shared,
      },
    };
  },

  keepShared: async (group: string, { id, body }: DraftOf<ProcessDraft>): Promise<void> => {
    const ref = { file: parseId<FileId>(group), vault: "what" as const };
    await recordsOf(session).drafts.keep(ref, { id: parseId<DraftId>(id), body });
  },

  saveShared: async (
    group: string,
    { id, body }: DraftOf<ProcessDraft>,
  ): Promise<SavedOf<ProcessDraft>> => {
    const ref = { file: parseId<FileId>(group), vault: "what" as const };
    const wish = { id: parseId<DraftId>(id), body };
    const { state, draft } = await recordsOf(session).drafts.save(ref, wish);
    const { isKeptHere } = draft;
    return { state, id: draft.id, body: draft.body as ProcessDraft, isKeptHere };
  },

  /** Signs every part, all or none. */
  sign: async (
    { file, parts, shared }: GroupSessionDraft,
    isChecked: boolean,
  ): Promise<SignedSession> => {
    const { client } = session;
    const records = recordsOf(session);
    const own = await openGroup(client, { file: parseId<FileId>(file) });
    const open = [];
    for (const { patient, id, body } of parts)
      open.push({ patient, body, id: parseId<DraftId>(id), care: await records.care(patient) });
    const { text } = shared.body;
    const signed = await signGroup(client, records.drafts, {
      parts: open,
      isChecked,
      ...(text.trim() === "" ? {} : { shared: { file: own, text } }),
    });
    if (signed.state === "names-others")
      return {
        isSigned: false,
        named: signed.found.map(({ patient, section }) => ({ patient, section })),
      };
    if (text.trim() !== "") await records.drafts.drop(own, parseId<DraftId>(shared.id));
    return { isSigned: true, named: [] };
  },
});

function isNote(draft: OpenDraft): draft is OpenDraft & { readonly body: EditedNote } {
  return draft.body.type === "noteDraft";
}

function isOfDay(body: EditedNote, { date, setting }: NoteSession): boolean {
  return (
    body.amends === undefined && body.session.date === date && body.session.setting === setting
  );
}
